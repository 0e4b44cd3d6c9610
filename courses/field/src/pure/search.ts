/** Finds people by a piece of the name, by initials of its pinyin, or by the last digits of the ID. */

export interface Findable {
  name: string;
  initials: string;
  id: string;
}

const plain = (value: string): string => value.trim().toLowerCase().replace(/\s+/g, "");

export function matches(person: Findable, query: string): boolean {
  const wanted = plain(query);
  if (!wanted) return true;
  if (plain(person.name).includes(wanted)) return true;
  if (/^[\dx]+$/.test(wanted) && plain(person.id).replace(/\*/g, "").includes(wanted)) return true;
  return /^[a-z]+$/.test(wanted) && person.initials.includes(wanted);
}

/** Those that match, names and initials that begin with the query first; order kept otherwise. */
export function search<P extends Findable>(people: P[], query: string): P[] {
  const wanted = plain(query);
  if (!wanted) return people;
  const found = people.filter((person) => matches(person, wanted));
  const first = (p: P) => plain(p.name).startsWith(wanted) || p.initials.startsWith(wanted);
  return [...found.filter(first), ...found.filter((person) => !first(person))];
}
