//! How many requests a client may send: one window of the rate limit, and so many at a time.
//!
//! HubSpot counts a request at some instant between its sending and its answer. So one counts here from its sending
//! until a whole window after its answer: then no window of HubSpot's holds more, however long an answer takes.

use super::{Lag, Span, Timestamp};

/// At most `requests` within any `per`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// How many. 0 counts as 1. Each request takes 8 bytes as long as it counts.
    pub requests: u32,
    /// Within which time.
    pub per: Span,
}

/// HubSpot's for a private app: 100 in 10 s.
impl Default for RateLimit {
    fn default() -> Self {
        RateLimit { requests: 100, per: Span::from_secs(10) }
    }
}

/// What an answer's `X-HubSpot-RateLimit-*` headers said, where they can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RateHeaders {
    /// `Max`: how many requests a window allows.
    pub max: Option<u32>,
    /// `Remaining`: how many of them are left for everybody who shares the limit.
    pub remaining: Option<u32>,
    /// `Interval-Milliseconds`: how long a window is.
    pub interval: Option<Span>,
}

/// When the next request may be sent.
///
/// What HubSpot tells only ever lowers the limit that was given.
#[derive(Debug)]
pub struct Budget {
    limit: Option<RateLimit>,
    max_concurrent: usize,
    in_flight: usize,
    /// When the newest requests were answered, oldest first; of those without an answer, when it could have come at the
    /// latest.
    answers: Vec<Timestamp>,
    /// For so long an answer may count.
    longest: Span,
    /// The longest time that an answer took.
    slowest: Span,
    /// What `Max` and `Interval` said last.
    told_limit: Option<RateLimit>,
    remaining: Option<Remaining>,
    halved: Option<Halved>,
}

/// What `Remaining` means for us: so many requests of ours in any window, given that others go on as they do.
#[derive(Clone, Copy, Debug)]
struct Remaining {
    ours: RateLimit,
    /// From then on it says nothing more.
    until: Timestamp,
    /// When the request was sent whose answer said so.
    sent_at: Timestamp,
}

/// A 429 halved the limit: others use it, too.
#[derive(Clone, Copy, Debug)]
struct Halved {
    at: Timestamp,
    /// The limit right after it was halved.
    to: u32,
    /// The limit it recovers to.
    full: RateLimit,
}

/// A request without an answer may be on its way for so long at least, though others were faster.
const SHORTEST_WAY: Span = Span::from_secs(1);

impl Halved {
    fn window_ms(self) -> u64 {
        self.full.per.as_ms().max(1)
    }

    /// How many windows have passed since: after ten the limit is whole again.
    fn windows_until(self, now: Timestamp) -> u64 {
        (now.since(self.at).as_ms() / self.window_ms()).min(10)
    }
}

/// No window of HubSpot's is longer: what says so is garbage.
const LONGEST: Span = Span::from_secs(60);

impl Budget {
    /// A budget of which nothing is used. With no limit, what HubSpot tells still counts. At least 1 at a time.
    pub fn new(limit: Option<RateLimit>, max_concurrent: usize) -> Self {
        let limit = limit.map(|limit| RateLimit { requests: limit.requests.max(1), ..limit });
        Budget {
            limit,
            max_concurrent: max_concurrent.max(1),
            in_flight: 0,
            answers: Vec::new(),
            longest: limit.unwrap_or_default().per.max(LONGEST),
            slowest: Span::ZERO,
            told_limit: None,
            remaining: None,
            halved: None,
        }
    }

    /// When the next request may be sent, by what is known now: at once where that is not after `now`. `None`: not before
    /// one in flight is answered.
    pub fn next_slot(&self, now: Timestamp) -> Option<Timestamp> {
        if self.in_flight >= self.max_concurrent {
            return None;
        }
        let own = self.slot_within(self.own_limit(now))?;
        let mut slot = own.max(self.slot_within(self.told_limit)?).max(now);
        if let Some(remaining) = self.remaining {
            let free = self.slot_within(Some(remaining.ours)).unwrap_or(remaining.until);
            slot = slot.max(free.min(remaining.until));
        }
        Some(slot)
    }

    /// A request is sent now. Ask `next_slot` before.
    pub fn sent(&mut self) {
        self.in_flight = self.in_flight.saturating_add(1);
    }

    /// A request was answered. `headers` are the answer's; `is_limit_hit`, whether it was a 429 of the window.
    ///
    /// A 429 halves the limit; with each window it grows back by a tenth of the whole. Those of one burst, that is,
    /// whose requests were sent before the limit was last halved, halve it once.
    pub fn answered(&mut self, now: Timestamp, sent_at: Timestamp, headers: RateHeaders, is_limit_hit: bool) {
        self.slowest = self.slowest.max(now.since(sent_at));
        self.count(now, now);
        self.hear(now, sent_at, headers);
        if is_limit_hit && self.halved.is_none_or(|halved| sent_at > halved.at) {
            let full = self.full_limit();
            let limit = self.own_limit(now).unwrap_or(full);
            self.halved = Some(Halved { at: now, to: (limit.requests / 2).max(1), full });
        }
    }

    /// A request failed, or was given up: it may be on its way still, for twice as long as any answer took, but no longer
    /// than the time within which answers are waited for.
    pub fn given_up(&mut self, now: Timestamp, sent_at: Timestamp, request_timeout: Span) {
        let way = sent_at.plus(self.slowest).plus(self.slowest).max(sent_at.plus(SHORTEST_WAY));
        self.count(now, way.min(sent_at.plus(request_timeout)).max(now));
    }

    /// A request was not sent after all, since there was no token, say: HubSpot counts none.
    pub fn unsent(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Answers that were noted too early count for longer.
    pub fn mend(&mut self, lag: Lag) {
        for answered in &mut self.answers {
            *answered = lag.mend(*answered, *answered);
        }
    }

    /// A request is not under way any more; it counts as answered at that instant.
    fn count(&mut self, now: Timestamp, answered: Timestamp) {
        self.unsent();
        // Cut back when half of them are gone: an answer more costs the same, however many there are.
        let half = self.answers.len() / 2;
        if self.answers.get(half).is_some_and(|answered| answered.plus(self.longest) <= now) {
            self.answers.copy_within(half.., 0);
            self.answers.truncate(self.answers.len() - half);
        }
        // Few are later, if any.
        let before = self.answers.iter().rposition(|other| *other <= answered);
        self.answers.insert(before.map_or(0, |place| place + 1), answered);
    }

    fn hear(&mut self, now: Timestamp, sent_at: Timestamp, headers: RateHeaders) {
        let max = headers.max.filter(|max| *max > 0);
        let interval = headers.interval.filter(|interval| *interval > Span::ZERO && *interval <= LONGEST);
        let per = interval.unwrap_or(self.full_limit().per);
        if let Some(requests) = max {
            self.told_limit = Some(RateLimit { requests, per });
        }
        let is_newest = self.remaining.is_none_or(|remaining| sent_at >= remaining.sent_at);
        let is_sound = |remaining: &u32| is_newest && *remaining <= max.unwrap_or(u32::MAX);
        let Some(remaining) = headers.remaining.filter(is_sound) else {
            return;
        };
        // Ours that leave the window make room for as many; those in flight may be among the used ones or not.
        let within = self.answers.len() - self.answers.partition_point(|answered| answered.plus(per) <= now);
        let requests = remaining.saturating_add(within as u32);
        self.remaining = Some(Remaining { ours: RateLimit { requests, per }, until: now.plus(per), sent_at });
    }

    /// The limit that was given, or what a 429 has left of it.
    fn own_limit(&self, now: Timestamp) -> Option<RateLimit> {
        let Some(halved) = self.halved else {
            return self.limit;
        };
        let full = halved.full;
        let windows = halved.windows_until(now);
        let grown = windows * u64::from(full.requests.div_ceil(10)) + u64::from(halved.to);
        if grown >= full.requests.into() {
            return self.limit;
        }
        Some(RateLimit { requests: grown as u32, ..full })
    }

    /// What is halved: with no limit given, the one that HubSpot told, else the usual.
    fn full_limit(&self) -> RateLimit {
        self.limit.or(self.told_limit).unwrap_or_default()
    }

    /// When a request more is within a limit, if there is one; `None` while those in flight fill it.
    fn slot_within(&self, limit: Option<RateLimit>) -> Option<Timestamp> {
        let Some(limit) = limit else {
            return Some(Timestamp::default());
        };
        let free = (limit.requests as usize).checked_sub(self.in_flight).filter(|free| *free > 0)?;
        // So many answers may lie in the window; the one before them must have left it.
        let leaves = self.answers.len().checked_sub(free).and_then(|place| self.answers.get(place));
        Some(leaves.map_or(Timestamp::default(), |answered| answered.plus(limit.per)))
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOTHING: RateHeaders = RateHeaders { max: None, remaining: None, interval: None };

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    fn limit(requests: u32, per: u64) -> RateLimit {
        RateLimit { requests, per: Span::from_ms(per) }
    }

    fn told(max: u32, remaining: u32) -> RateHeaders {
        RateHeaders { max: Some(max), remaining: Some(remaining), interval: Some(Span::from_secs(10)) }
    }

    /// So many requests, all sent at `sent` and answered at `answered`.
    fn ask(budget: &mut Budget, count: u32, sent: u64, answered: u64, told: RateHeaders, hit: bool) {
        for _ in 0..count {
            budget.sent();
        }
        for _ in 0..count {
            budget.answered(at(answered), at(sent), told, hit);
        }
    }

    /// How many more may be sent at once.
    fn free(budget: &mut Budget, now: u64) -> usize {
        let before = budget.in_flight;
        while budget.next_slot(at(now)) == Some(at(now)) && budget.in_flight < before + 2000 {
            budget.sent();
        }
        std::mem::replace(&mut budget.in_flight, before) - before
    }

    #[test]
    fn a_request_counts_until_a_window_after_its_answer() {
        let mut budget = Budget::new(Some(limit(2, 1000)), 9);
        budget.sent();
        budget.sent();
        assert_eq!(budget.next_slot(at(5000)), None);
        budget.answered(at(5000), at(0), NOTHING, false);
        assert_eq!(budget.next_slot(at(5000)), Some(at(6000)));
        budget.answered(at(5500), at(0), NOTHING, false);
        let table = [(5500, 6000), (6000, 6000), (6400, 6400)];
        for (now, slot) in table {
            assert_eq!(budget.next_slot(at(now)), Some(at(slot)), "at {now}");
        }
        assert_eq!(free(&mut budget, 6499), 1);
        assert_eq!(free(&mut budget, 6500), 2);
    }

    #[test]
    fn no_more_are_in_flight_than_allowed() {
        for (given, allowed) in [(0, 1), (1, 1), (6, 6)] {
            assert_eq!(free(&mut Budget::new(None, given), 0), allowed, "{given}");
        }
    }

    #[test]
    fn no_requests_at_all_count_as_one() {
        assert_eq!(free(&mut Budget::new(Some(limit(0, 1000)), 9), 0), 1);
    }

    #[test]
    fn a_window_of_no_length_leaves_only_those_in_flight_to_count() {
        let mut budget = Budget::new(Some(limit(2, 0)), 9);
        ask(&mut budget, 2, 0, 5, NOTHING, false);
        assert_eq!(free(&mut budget, 5), 2);
        ask(&mut budget, 1, 5, 5, NOTHING, true);
        assert_eq!(free(&mut budget, 5), 1);
    }

    #[test]
    fn headers_lower_the_limit_and_never_raise_it() {
        let header = |max, interval| RateHeaders { max, interval, remaining: None };
        let seconds = |seconds| Some(Span::from_secs(seconds));
        // How many may be sent right after the answer to the first request.
        let table = [
            (header(None, None), 99),
            (header(Some(40), seconds(10)), 39),
            (header(Some(40), None), 39),
            (header(Some(190), seconds(10)), 99),
            (header(Some(10), seconds(1)), 9),
            (header(Some(0), seconds(10)), 99),
            (header(Some(40), seconds(0)), 39),
            (header(Some(40), seconds(1_000_000_000)), 39),
            (header(None, seconds(60)), 99),
            (told(100, 30), 30),
            (told(100, 0), 0),
            (told(100, 101), 99),
            (told(20, 100), 19),
            (RateHeaders { remaining: Some(7), ..NOTHING }, 7),
            (RateHeaders { remaining: Some(u32::MAX), ..NOTHING }, 99),
        ];
        for (told, left) in table {
            let mut budget = Budget::new(Some(RateLimit::default()), 1000);
            ask(&mut budget, 1, 0, 100, told, false);
            assert_eq!(free(&mut budget, 100), left, "{told:?}");
        }
    }

    #[test]
    fn a_told_limit_lasts_until_another_is_told() {
        let mut budget = Budget::new(Some(RateLimit::default()), 1000);
        ask(&mut budget, 1, 0, 0, told(40, 39), false);
        assert_eq!(free(&mut budget, 60_000), 40);
        ask(&mut budget, 1, 60_000, 60_000, NOTHING, false);
        assert_eq!(free(&mut budget, 90_000), 40);
        ask(&mut budget, 1, 90_000, 90_000, told(100, 99), false);
        assert_eq!(free(&mut budget, 120_000), 100);
    }

    #[test]
    fn what_remains_is_shared_with_those_in_flight() {
        let mut budget = Budget::new(Some(RateLimit::default()), 1000);
        for _ in 0..5 {
            budget.sent();
        }
        budget.answered(at(100), at(0), told(100, 30), false);
        assert_eq!(free(&mut budget, 100), 26);
    }

    #[test]
    fn what_remains_is_forgotten_after_a_window_and_replaced_by_a_newer_answer() {
        let mut budget = Budget::new(Some(RateLimit::default()), 1000);
        ask(&mut budget, 1, 0, 100, told(100, 2), false);
        assert_eq!(free(&mut budget, 100), 2);
        assert_eq!(free(&mut budget, 10_100), 100);
        ask(&mut budget, 1, 200, 300, told(100, 50), false);
        assert_eq!(free(&mut budget, 300), 50);
        // Sent before the one that told last: overtaken.
        ask(&mut budget, 1, 150, 400, told(100, 3), false);
        assert_eq!(free(&mut budget, 400), 49);
    }

    #[test]
    fn requests_that_leave_the_window_make_room_while_nothing_remains() {
        let mut budget = Budget::new(Some(RateLimit::default()), 1000);
        ask(&mut budget, 10, 0, 100, NOTHING, false);
        ask(&mut budget, 1, 5000, 5100, told(100, 0), false);
        assert_eq!(budget.next_slot(at(5100)), Some(at(10_100)));
        assert_eq!(free(&mut budget, 10_100), 10);
    }

    #[test]
    fn nothing_remains_but_no_longer_than_a_window_even_if_an_answer_never_comes() {
        let mut budget = Budget::new(Some(RateLimit::default()), 1000);
        for _ in 0..3 {
            budget.sent();
        }
        budget.answered(at(100), at(0), told(100, 0), false);
        assert_eq!(budget.next_slot(at(200)), Some(at(10_100)));
    }

    #[test]
    fn a_429_halves_the_limit_once_a_burst_and_it_grows_back_by_a_tenth_a_window() {
        let mut budget = Budget::new(Some(RateLimit::default()), 1000);
        ask(&mut budget, 3, 0, 100, NOTHING, true);
        ask(&mut budget, 1, 100, 200, NOTHING, true);
        let table = [
            (19_000, 50 + 10),
            (20_099, 50 + 10),
            (20_100, 50 + 20),
            (50_099, 90),
            (50_100, 100),
            (90_000, 100),
        ];
        for (now, left) in table {
            assert_eq!(free(&mut budget, now), left, "at {now}");
        }
        ask(&mut budget, 1, 20_100, 20_200, NOTHING, true);
        assert_eq!(free(&mut budget, 30_199), 35 - 1);
        assert_eq!(free(&mut budget, 30_200), 45);
    }

    #[test]
    fn the_limit_is_never_halved_to_nothing() {
        let mut budget = Budget::new(Some(limit(3, 10_000)), 1000);
        for sent in 1..10 {
            ask(&mut budget, 1, sent, sent, NOTHING, true);
        }
        assert_eq!(free(&mut budget, 10_009), 1 + 1);
    }

    #[test]
    fn with_no_limit_given_only_headers_and_429s_count() {
        let mut budget = Budget::new(None, 3000);
        ask(&mut budget, 500, 0, 100, NOTHING, false);
        assert_eq!(free(&mut budget, 100), 2000);
        ask(&mut budget, 1, 200, 300, NOTHING, true);
        assert_eq!(free(&mut budget, 300), 0);
        assert_eq!(free(&mut budget, 20_300), 70);
        assert_eq!(free(&mut budget, 50_300), 2000);
        ask(&mut budget, 1, 50_300, 50_300, told(190, 189), false);
        assert_eq!(free(&mut budget, 50_300), 189);
    }

    #[test]
    fn a_clock_that_stands_still_or_goes_back_neither_frees_nor_breaks_anything() {
        let mut budget = Budget::new(Some(limit(3, 1000)), 9);
        ask(&mut budget, 3, 500, 500, told(3, 0), true);
        assert_eq!(free(&mut budget, 500), 0);
        budget.answered(at(200), at(900), told(3, 1), true);
        assert!(budget.next_slot(at(200)) > Some(at(500)));
        assert_eq!(free(&mut budget, u64::MAX), 3);
    }

    #[test]
    fn what_no_window_holds_any_more_takes_no_memory() {
        for limit in [None, Some(limit(100, 1000)), Some(limit(u32::MAX, 1000))] {
            let mut budget = Budget::new(limit, 9);
            for number in 0..70_000 {
                ask(&mut budget, 1, 100 * number, 100 * number, NOTHING, false);
            }
            assert!((600..=1_200).contains(&budget.answers.len()), "{}", budget.answers.len());
        }
    }

    #[test]
    fn a_limit_is_kept_however_high_it_is() {
        const DAY: u64 = 86_400_000;
        for requests in [65_536, 65_537, 70_000, 250_000] {
            let mut budget = Budget::new(Some(limit(requests, DAY)), 9);
            for number in 0..requests {
                assert_eq!(budget.next_slot(at(number.into())), Some(at(number.into())), "{requests}");
                ask(&mut budget, 1, number.into(), number.into(), NOTHING, false);
            }
            assert_eq!(budget.next_slot(at(requests.into())), Some(at(DAY)), "{requests}");
            assert_eq!(free(&mut budget, DAY + 4), 5);
        }
    }

    #[test]
    fn what_was_given_up_counts_as_long_as_it_could_be_on_its_way() {
        // How long the slowest answer took, when the request was given up, and as answered when it counts.
        let table = [
            (0, 0, 1_000),
            (300, 10, 1_000),
            (900, 10, 1_800),
            (900, 2_000, 2_000),
            (7_000, 10, 5_000),
            (1 << 50, 10, 5_000),
        ];
        for (slowest, given_up, counts) in table {
            let mut budget = Budget::new(Some(limit(2, 100_000)), 9);
            ask(&mut budget, 1, 0, slowest, NOTHING, false);
            let start = 1_000_000_u64.saturating_add(slowest);
            budget.sent();
            budget.given_up(at(start + given_up), at(start), Span::from_ms(5_000));
            // An answer that comes before counts from when it came.
            ask(&mut budget, 1, start, start, NOTHING, false);
            assert_eq!(budget.in_flight, 0);
            assert_eq!(budget.next_slot(at(start)), Some(at(start + 100_000)), "{slowest} {given_up}");
            budget.sent();
            assert_eq!(budget.next_slot(at(start + 100_000)), Some(at(start + 100_000 + counts)));
        }
    }

    /// Each is sent as soon as it may be, and given up at once or later; it comes to the server up to 400 ms after it was
    /// sent, given up or not.
    #[test]
    fn requests_that_are_given_up_on_their_way_exceed_no_window_of_the_servers() {
        for seed in 0..50_u64 {
            let mut state = seed;
            let mut dice = |below: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % below
            };
            let mut budget = Budget::new(Some(limit(20, 1_000)), 1_000);
            let (mut now, mut seen, mut in_flight) = (0, Vec::new(), Vec::<(u64, u64, bool)>::new());
            while seen.len() < 500 {
                in_flight.sort_unstable_by(|one, other| other.cmp(one));
                let slot = budget.next_slot(at(now)).map(Timestamp::as_ms);
                let next = in_flight.last();
                match next.copied() {
                    Some((over, sent, is_given_up)) if slot.is_none_or(|slot| over <= slot.max(now)) => {
                        in_flight.pop();
                        now = now.max(over);
                        match is_given_up {
                            true => budget.given_up(at(now), at(sent), Span::from_secs(30)),
                            false => budget.answered(at(now), at(sent), NOTHING, false),
                        }
                    }
                    _ => {
                        now = now.max(slot.expect("a slot"));
                        budget.sent();
                        let (jitter, is_given_up) = (dice(401), dice(2) == 0);
                        seen.push(now + jitter);
                        in_flight.push((now + if is_given_up { dice(50) } else { jitter }, now, is_given_up));
                    }
                }
            }
            seen.sort_unstable();
            for window in seen.windows(21) {
                assert!(window[20] - window[0] >= 1_000, "seed {seed}: {window:?}");
            }
        }
    }

    proptest! {
        /// Each request is sent as soon as it may be, and seen by the server at any time before its answer.
        #[test]
        fn no_window_of_the_server_ever_holds_more_than_the_limit(
            requests in 1_u32..12,
            per in 1_u64..3000,
            max_concurrent in 1_usize..8,
            latencies in prop::collection::vec((0_u64..2500, 0.0_f64..=1.0, 0_u64..300), 1..200),
            headers in any::<bool>(),
        ) {
            let mut budget = Budget::new(Some(limit(requests, per)), max_concurrent);
            let mut now = 0;
            let mut in_flight: Vec<(u64, u64)> = Vec::new();
            let mut seen = Vec::new();
            for (latency, way, idle) in latencies {
                now += idle;
                loop {
                    in_flight.sort_unstable_by(|one, other| other.cmp(one));
                    let slot = budget.next_slot(at(now)).map(Timestamp::as_ms);
                    let answer = in_flight.last().map(|(answered, _)| *answered);
                    match answer {
                        Some(answered) if slot.is_none_or(|slot| answered <= slot.max(now)) => {
                            let (_, sent) = in_flight.pop().expect("a request in flight");
                            now = now.max(answered);
                            let told = if headers { told(requests, (answered % u64::from(requests)) as u32) } else { NOTHING };
                            budget.answered(at(answered), at(sent), told, answered % 31 == 0);
                        }
                        _ => {
                            now = now.max(slot.expect("nothing in flight, so that there is a slot"));
                            // It may have been when to see again.
                            if budget.next_slot(at(now)) == Some(at(now)) {
                                break;
                            }
                        }
                    }
                }
                prop_assert!(in_flight.len() < max_concurrent);
                budget.sent();
                in_flight.push((now + latency, now));
                seen.push(now + (latency as f64 * way) as u64);
            }
            seen.sort_unstable();
            for window in seen.windows(requests as usize + 1) {
                prop_assert!(window[requests as usize] - window[0] >= per, "{window:?}");
            }
        }
    }
}
