// In the place of the host's TextDecoder, for the glue: Jest's jsdom has none. The wasm says nothing but ASCII.
export class TextDecoder {
  decode(bytes = []) {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  }
}
