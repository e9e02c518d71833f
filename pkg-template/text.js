// In the place of the host's TextDecoder, for the glue: Jest's jsdom has none. The wasm says nothing but ASCII.

/** So many arguments every host takes. */
const PART = 8192;

export class TextDecoder {
  decode(bytes = []) {
    let text = "";
    for (let at = 0; at < bytes.length; at += PART) text += String.fromCharCode.apply(null, bytes.subarray(at, at + PART));
    return text;
  }
}
