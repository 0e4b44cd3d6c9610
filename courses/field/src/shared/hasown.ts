/** `Object.hasOwn` for browsers older than it; the build puts it in its place, in libraries too. */
export const hasOwn = (found: object, name: PropertyKey): boolean => Object.prototype.hasOwnProperty.call(found, name);
