declare module "*.wasm" {
  const address: string;
  export default address;
}
declare const __VERSION__: string;
