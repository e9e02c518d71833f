// More of what a host may have, for the proxy alone: see ../host.d.ts.
/* eslint-disable no-var -- only `var` declares a property of globalThis */

/** WebCrypto; to be called where it may throw. */
declare var crypto: { readonly subtle: HostCrypto };

interface HostCrypto {
  importKey(format: "raw", key: Uint8Array, algorithm: object, extractable: boolean, uses: readonly string[]): Promise<object>;
  sign(algorithm: "HMAC", key: object, bytes: Uint8Array): Promise<ArrayBuffer>;
}

declare var btoa: (bytes: string) => string;

interface HostUrl {
  readonly origin: string;
  readonly hash: string;
}
