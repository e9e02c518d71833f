// The offline optimum: the least mean delay that a fixed schedule can have with a given mean number of requests, if it
// knows the durations of all tasks in the sample, though not which task has which.
//
// A best schedule polls only at instants T_j at which some task of the sorted sample T_1 ≤ … ≤ T_n completes. With κ
// seconds of delay for one request, the cheapest way on from a poll at T_i is
//   V(i) = min over j > i of κ(n−i) + Σ_{l=i+1..j}(T_j − T_l) + V(j),  V(n) = 0.
// The sum is (j−i)·T_j − (P_j − P_i) with P the running sums, so for each j the cost is a line in i: the minimum is the
// lower envelope of lines whose slopes −T_j are sorted, which takes linear time.

/** The offline optimum of a sample of durations: functions of the mean number of requests. */
export class Optimum {
  #times;
  #sums;
  #points = new Map();

  constructor(times) {
    this.#times = Float64Array.from(times).sort();
    const n = this.#times.length;
    this.#sums = new Float64Array(n + 1);
    for (let index = 0; index < n; index++) this.#sums[index + 1] = this.#sums[index] + this.#times[index];
  }

  /** The least mean delay with this mean number of requests, in the durations' unit; 0 where each could be exact. */
  delayAt(requests) {
    const n = this.#times.length;
    const span = this.#times[n - 1];
    // The count falls as κ grows: many requests where they cost nothing, one where they cost more than all delay.
    let [cheap, dear] = [span * 1e-9, span * n];
    if (this.#at(cheap).requests <= requests) return this.#at(cheap).delay;
    if (this.#at(dear).requests >= requests) return this.#at(dear).delay;
    while (dear / cheap > 1 + 1e-9) {
      const middle = Math.sqrt(cheap * dear);
      if (this.#at(middle).requests > requests) cheap = middle;
      else dear = middle;
    }
    // The count jumps between them; a draw between the two schedules has every count in between.
    const [more, fewer] = [this.#at(cheap), this.#at(dear)];
    const share = more.requests === fewer.requests ? 0 : (requests - fewer.requests) / (more.requests - fewer.requests);
    return fewer.delay + share * (more.delay - fewer.delay);
  }

  /** Points `{ requests, delay }` of the whole trade-off, from one request to this many. */
  curve(mostRequests) {
    const span = this.#times[this.#times.length - 1];
    const points = [];
    for (let kappa = span * this.#times.length; kappa > span * 1e-9; kappa /= 1.5) {
      const point = this.#at(kappa);
      if (point.requests > mostRequests) break;
      points.push(point);
    }
    return points;
  }

  /** Requests and delay, both mean, of the best schedule where one request is worth κ. */
  #at(kappa) {
    const known = this.#points.get(kappa);
    if (known) return known;
    const n = this.#times.length;
    const times = this.#times;
    const sums = this.#sums;
    const cost = new Float64Array(n + 1);
    const next = new Int32Array(n + 1);
    // The envelope's lines, each the index j of a next poll; j falls, so slopes rise, and i falls from query to query.
    const lines = new Int32Array(n);
    let [first, count] = [0, 0];
    const slope = (j) => -times[j - 1];
    const height = (j) => j * times[j - 1] - sums[j] + cost[j];
    const value = (j, i) => height(j) + slope(j) * i;
    for (let i = n - 1; i >= 0; i--) {
      const line = i + 1;
      while (count - first >= 2 && isHidden(lines[count - 2], lines[count - 1], line)) count--;
      lines[count++] = line;
      while (count - first >= 2 && value(lines[first + 1], i) <= value(lines[first], i)) first++;
      next[i] = lines[first];
      cost[i] = kappa * (n - i) + sums[i] + value(next[i], i);
    }
    const point = this.#follow(next);
    this.#points.set(kappa, point);
    return point;

    /** Whether the middle of three lines is nowhere the lowest. */
    function isHidden(steep, middle, flat) {
      const [m1, m2, m3] = [slope(steep), slope(middle), slope(flat)];
      return (height(flat) - height(steep)) * (m2 - m1) <= (height(middle) - height(steep)) * (m3 - m1);
    }
  }

  #follow(next) {
    const n = this.#times.length;
    let [requests, delay] = [0, 0];
    for (let i = 0; i < n; i = next[i]) {
      const j = next[i];
      requests += n - i;
      delay += (j - i) * this.#times[j - 1] - (this.#sums[j] - this.#sums[i]);
    }
    return { requests: requests / n, delay: delay / n };
  }
}
