// The one error class. In JavaScript, because a class exported from Rust cannot extend Error.

/** Shared by all copies of the package (ESM, CJS, another version), whose classes differ. */
const BRAND = Symbol.for("hubspot-async-tasks.HubSpotTaskError");

export class HubSpotTaskError extends Error {
  constructor({ message, ...fields }) {
    super(message);
    Object.assign(this, fields);
  }

  get [BRAND]() {
    return true;
  }

  /** So that instanceof knows the errors of other copies, too. */
  static [Symbol.hasInstance](value) {
    return isHubSpotTaskError(value);
  }

  /** For logs: everything but a result, which may be an export's URL, and that needs no token. */
  toJSON() {
    const { lastStatus, cause, ...fields } = this;
    const json = { name: this.name, message: this.message, ...fields };
    if (lastStatus) {
      const { result, ...status } = lastStatus;
      json.lastStatus = status;
    }
    // Another cause's text is the host's or the caller's, and may hold anything.
    if (isHubSpotTaskError(cause)) json.cause = cause.toJSON();
    return json;
  }
}

// On the prototype, as with the host's own errors, so that it is not listed among an error's fields.
Object.defineProperty(HubSpotTaskError.prototype, "name", { value: "HubSpotTaskError", configurable: true, writable: true });

export function isHubSpotTaskError(value) {
  try {
    return value[BRAND] === true;
  } catch {
    return false;
  }
}
