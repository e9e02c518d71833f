// Choices made from a seed: the same ones each time.

export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** At least 0, below 1: mulberry32. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability) {
    return this.next() < probability;
  }

  of(choices) {
    return choices[Math.floor(this.next() * choices.length)];
  }

  /** One of `[weight, choice]`. */
  weighed(choices) {
    const total = choices.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.next() * total;
    return (choices.find(([weight]) => (left -= weight) < 0) ?? choices[0])[1];
  }

  /** So many of what `make` gives. */
  list(least, most, make) {
    return Array.from({ length: this.between(least, most) }, (_, place) => make(place));
  }
}
