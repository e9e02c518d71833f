// TextDecoder and TextEncoder, or as much of them as is needed here, where the host has none: Jest's jsdom.
class Decoder {
  decode(bytes = []) {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
  }
}

class Encoder {
  encode(text) {
    // Unpaired surrogates are replaced, as TextEncoder does.
    const escaped = encodeURIComponent(text.replace(/[\uD800-\uDFFF]/gu, "\uFFFD"));
    return Uint8Array.from(escaped.match(/%..|./g) ?? [], (unit) => (unit[1] ? parseInt(unit.slice(1), 16) : unit.charCodeAt(0)));
  }
}

const { TextDecoder = Decoder, TextEncoder = Encoder } = globalThis;

export { TextDecoder, TextEncoder };
