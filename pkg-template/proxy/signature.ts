// HubSpot's signature, version 3: HMAC-SHA256 over method, address, body and time, by the app's client secret.
import { joined } from "../results/bytes.js";

/** A call is refused that was signed longer ago, or is to be so much later. */
export const LIFETIME_MS = 300_000;

/** What was signed. */
export interface Signed {
  readonly method: string;
  /** As HubSpot called it. */
  readonly address: string;
  readonly body: Uint8Array;
  readonly timestamp: string;
}

/** These twelve escapes, and no other, are read before the address is signed. */
const ESCAPES = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/g;

/** What a SHA-256 is long in base64. */
const LENGTH = 44;

/** Whether it is as long as a signature is. */
export const mayBeSignature = (given: string): boolean => given.length === LENGTH;

/** What HubSpot would send as its signature. */
export class Signer {
  readonly #secret: string;
  /** Once it is there: a promise for it would belong to the call that made it, in some hosts. */
  #key: object | undefined;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** Whether this, which is as long as one, is the signature. Takes as long wherever it differs. */
  async hasSigned(given: string, signed: Signed): Promise<boolean> {
    const right = await this.#signature(signed);
    let difference = 0;
    for (let at = 0; at < LENGTH; at++) difference |= given.charCodeAt(at) ^ right.charCodeAt(at);
    return difference === 0;
  }

  async #signature({ method, address, body, timestamp }: Signed): Promise<string> {
    const { subtle } = crypto;
    const bytesOf = (text: string) => new TextEncoder().encode(text);
    const how = { name: "HMAC", hash: "SHA-256" };
    this.#key ??= await subtle.importKey("raw", bytesOf(this.#secret), how, false, ["sign"]);
    const source = bytesOf(method + address.replace(ESCAPES, decodeURIComponent));
    const signature = await subtle.sign("HMAC", this.#key, joined([source, body, bytesOf(timestamp)]));
    return btoa(String.fromCharCode(...new Uint8Array(signature)));
  }
}

/** Whether it is a time in milliseconds that is near enough. */
export const isNear = (timestamp: string, nowMs: number): boolean =>
  /^\d{13}$/.test(timestamp) && Math.abs(Number(timestamp) - nowMs) <= LIFETIME_MS;
