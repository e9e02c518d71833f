//! Random tasks, waiters, looks, single polls, answers and times: what holds for the whole client whatever happens.
//!
//! The engine is driven by hand here, at the exact instants that it asks for; a model beside it keeps what the
//! contract speaks of, and knows nothing of the engine's insides.

use hubspot_async_tasks::client::{
    CallId, Effect, Engine, Host, Key, News, Payload, Question, Reply, Settings, WaitSettings,
};
use hubspot_async_tasks::family::{ApiVersion, Family, TaskId};
use hubspot_async_tasks::poll::{
    Answer, Body, Checkpoint, Code, Envelope, Pace, RateLimit, Schedule, Standing, Timestamp, Told, Verdict,
    WaiterId, verdict,
};
use proptest::prelude::*;

use crate::world::{START, ms};

struct Fake;

impl Host for Fake {
    type Body = u8;
    type Detail = &'static str;
    type Listener = usize;
}

type TestReply = Reply<u8, &'static str>;

/// Longer than any pause below.
const LONG: u64 = 4_000_000_000;

#[derive(Clone, Debug)]
enum Event {
    /// Somebody waits for the task of that number.
    Join {
        task: usize,
        pace: f64,
        timeout: Option<u64>,
    },
    /// Somebody looks at it.
    Look(usize),
    /// Somebody polls it once, from its own checkpoint or from a new one.
    Once {
        task: usize,
        has_asked: bool,
        deadline: Option<u64>,
    },
    /// Whoever has that number goes, if it is still there.
    Leave(usize),
    Rest(usize),
    Attend(usize),
    /// One of the requests under way is answered.
    Answer(usize, TestReply),
    /// From now on requests are answered by themselves: after how long, and with what.
    Serve(Option<(u64, TestReply)>),
    /// The network is back.
    Wake,
    Pass(u64),
    /// The local clock is set forth by so much, or back.
    Set(i64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Here,
    Told,
    Left,
}

#[derive(Debug)]
enum Role {
    Waits { id: Option<WaiterId>, deadline: Option<u64>, rests: bool, has_rested: bool },
    Calls { id: CallId, since: u64 },
}

#[derive(Debug)]
struct Person {
    task: usize,
    key: Key,
    role: Role,
    state: State,
}

impl Person {
    fn waits_for(&self, task: usize) -> bool {
        self.task == task
            && self.state == State::Here
            && matches!(self.role, Role::Waits { rests: false, .. })
    }

    fn deadline(&self) -> Option<u64> {
        match self.role {
            Role::Waits { deadline, .. } => deadline,
            Role::Calls { .. } => None,
        }
    }
}

/// A request that was sent.
#[derive(Clone, Debug)]
struct Request {
    number: u32,
    task: usize,
    /// Who called for it; `None` for a poll of the schedule.
    caller: Option<usize>,
    is_repeat: bool,
    sent: u64,
    over: Option<u64>,
    answers: Option<(u64, TestReply)>,
}

struct World {
    engine: Engine<Fake>,
    settings: Settings,
    limit: RateLimit,
    /// What the local clock says, and the steady time.
    clock: u64,
    now: u64,
    /// What the clock skipped when it was set forth: after the first instant, up to the second.
    skipped: Vec<(u64, u64)>,
    people: Vec<Person>,
    /// Calls that were not sent yet, oldest first.
    calls: Vec<usize>,
    /// In the order of their sending.
    requests: Vec<Request>,
    /// Numbers of those that were refused with a 401 and are to be sent again.
    repeats: Vec<u32>,
    pause_until: u64,
    /// Whether HubSpot said anything that lowers the limit.
    is_lowered: bool,
    served: Option<(u64, TestReply)>,
}

const TASKS: [(Family, &str); 4] = [
    (Family::FileImport, "7"),
    (Family::FolderUpdate, "7"),
    (Family::Export, "90151673"),
    (Family::SourceCodeExtract, "8"),
];

fn at(ms: u64) -> Timestamp {
    Timestamp::from_ms(START + ms)
}

fn id_of(task: usize) -> TaskId {
    TaskId::new(TASKS[task].0, TASKS[task].1).expect("an id")
}

impl World {
    fn new(settings: Settings) -> World {
        let mut engine = Engine::new(settings.clone());
        engine.time(at(0));
        let limit = settings.rate_limit.expect("a limit");
        World {
            engine,
            settings,
            limit,
            clock: 0,
            now: 0,
            skipped: Vec::new(),
            people: Vec::new(),
            calls: Vec::new(),
            requests: Vec::new(),
            repeats: Vec::new(),
            pause_until: 0,
            is_lowered: false,
            served: None,
        }
    }

    fn request_timeout(&self) -> u64 {
        self.settings.request_timeout.as_ms()
    }

    fn under_way(&self) -> impl Iterator<Item = &Request> {
        self.requests.iter().filter(|request| request.over.is_none())
    }

    /// The task's poll under way.
    fn poll_of(&self, task: usize) -> Option<&Request> {
        self.under_way().find(|request| request.task == task && request.caller.is_none())
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Join { task, pace, timeout } => {
                let schedule = Schedule { pace: Pace::new(pace).expect("a pace"), ..Schedule::default() };
                let key = self.engine.open(TASKS[task].0, id_of(task));
                let deadline = timeout.map(|timeout| self.now + timeout);
                let role = Role::Waits { id: None, deadline, rests: false, has_rested: false };
                let person = self.welcome(task, key, role);
                let settings = WaitSettings { schedule, timeout: timeout.map(ms) };
                let joined = self.engine.join(key, at(self.now), settings, person);
                assert!(joined.is_some());
                if let Role::Waits { id, .. } = &mut self.people[person].role {
                    *id = joined;
                }
            }
            Event::Look(task) => {
                let key = self.engine.open(TASKS[task].0, id_of(task));
                let person = self.welcome(task, key, Role::Calls { id: 0, since: self.now });
                self.calls.push(person);
                let call = self.engine.look(key, at(self.now), person);
                self.people[person].role = Role::Calls { id: call, since: self.now };
            }
            Event::Once { task, has_asked, deadline } => {
                let asked = if has_asked { self.engine.open(TASKS[task].0, id_of(task)) } else { u32::MAX };
                let known = self.engine.checkpoint(asked, self.settings.wait);
                let (family, version) = (TASKS[task].0, ApiVersion::default());
                let new = || Checkpoint::of_started(family, id_of(task), version, at(self.now));
                let checkpoint = known.unwrap_or_else(new);
                if has_asked {
                    self.engine.release(asked, at(self.now));
                }
                let key = self.engine.resume_alone(&checkpoint);
                let person = self.welcome(task, key, Role::Calls { id: 0, since: self.now });
                self.calls.push(person);
                let deadline = deadline.map(|deadline| at(self.now + deadline));
                let call = self.engine.once(key, at(self.now), deadline, person);
                self.people[person].role = Role::Calls { id: call, since: self.now };
            }
            Event::Leave(number) => self.leave(number),
            Event::Rest(number) => self.rest(number, true),
            Event::Attend(number) => self.rest(number, false),
            Event::Answer(which, reply) => {
                let numbers: Vec<u32> = self.under_way().map(|request| request.number).collect();
                if !numbers.is_empty() {
                    self.answer(numbers[which % numbers.len()], reply);
                }
            }
            Event::Serve(how) => {
                self.served = how;
                for request in self.requests.iter_mut().filter(|request| request.over.is_none()) {
                    request.answers = self.served.clone().map(|(after, reply)| (self.now + after, reply));
                }
            }
            Event::Wake => self.engine.wake(at(self.now)),
            Event::Pass(span) => self.pass(span),
            Event::Set(by) => {
                self.clock = self.clock.saturating_add_signed(by);
                let now = self.engine.time(at(self.clock)).as_ms() - START;
                assert!(now >= self.now, "the steady time never goes back");
                self.skipped.push((self.now, now));
                self.now = now;
            }
        }
        self.settle_down();
    }

    fn was_skipped(&self, instant: u64) -> bool {
        self.skipped.iter().any(|(from, to)| (from + 1..=*to).contains(&instant))
    }

    fn welcome(&mut self, task: usize, key: Key, role: Role) -> usize {
        self.people.push(Person { task, key, role, state: State::Here });
        self.people.len() - 1
    }

    fn leave(&mut self, number: usize) {
        let count = self.people.len().max(1);
        let Some(person) = self.people.get_mut(number % count) else {
            return;
        };
        let key = person.key;
        if person.state == State::Here {
            person.state = State::Left;
            match person.role {
                Role::Waits { id, .. } => self.engine.leave(key, id.expect("an id"), at(self.now)),
                Role::Calls { id, .. } => {
                    self.calls.retain(|caller| *caller != number % count);
                    self.engine.hang_up(id, at(self.now));
                }
            }
            self.take_effects();
            self.engine.release(key, at(self.now));
        }
    }

    fn rest(&mut self, number: usize, shall_rest: bool) {
        let count = self.people.len().max(1);
        let Some(person) = self.people.get_mut(number % count) else {
            return;
        };
        let key = person.key;
        if let (State::Here, Role::Waits { id: Some(id), rests, has_rested, .. }) =
            (person.state, &mut person.role)
        {
            (*rests, *has_rested) = (shall_rest, true);
            if shall_rest {
                self.engine.rest(key, *id, at(self.now));
            } else {
                self.engine.attend(key, *id, at(self.now));
            }
        }
    }

    fn answer(&mut self, number: u32, mut reply: TestReply) {
        let request = self.requests.iter_mut().find(|request| request.number == number).expect("a request");
        assert_eq!(request.over, None);
        request.over = Some(self.now);
        // A host asks for one repeat only.
        reply.is_repeatable &= !request.is_repeat;
        if reply.is_repeatable {
            self.repeats.push(number);
        }
        if let (Verdict::Pause { lasts, code }, false) = (verdict(&reply.answer), reply.is_repeatable) {
            self.pause_until = self.pause_until.max(self.now + lasts.as_ms());
            self.is_lowered |= code == Code::RateLimited;
        }
        self.is_lowered |= reply.told != Told::default();
        self.engine.reply(number, at(self.now), reply);
    }

    /// Lets time pass, from one instant at which something happens to the next.
    fn pass(&mut self, span: u64) {
        let end = self.now + span;
        for _ in 0..20_000 {
            let wake = self.settle_down();
            let answer =
                self.under_way().filter_map(|request| request.answers.as_ref()).map(|(at, _)| *at).min();
            let next = wake.into_iter().chain(answer).min().filter(|next| *next <= end);
            let to = next.unwrap_or(end).max(self.now);
            self.clock += to - self.now;
            self.now = self.engine.time(at(self.clock)).as_ms() - START;
            assert_eq!(self.now, to);
            if next.is_none() {
                return;
            }
            let is_due = |request: &&Request| request.answers.as_ref().is_some_and(|(at, _)| *at <= to);
            let due: Vec<_> = self.under_way().filter(is_due).cloned().collect();
            for request in due {
                // An answer may have ended another request.
                let is_open = self.under_way().any(|other| other.number == request.number);
                if let (true, Some((_, reply))) = (is_open, request.answers) {
                    self.answer(request.number, reply);
                    self.take_effects();
                }
            }
        }
        panic!("events without end");
    }

    /// Does what can be done now, checks it, and says when to look again.
    fn settle_down(&mut self) -> Option<u64> {
        for _ in 0..10_000 {
            self.take_effects();
            if self.engine.decide(at(self.now)) {
                continue;
            }
            self.check_rest();
            let wake = self.engine.wake_at(at(self.now)).map(|wake| wake.as_ms() - START);
            assert!(wake.is_none_or(|wake| wake > self.now), "wakes now, for nothing");
            return wake;
        }
        panic!("decisions without end");
    }

    fn take_effects(&mut self) {
        while let Some(effect) = self.engine.take_effect() {
            match effect {
                Effect::Send(question) => self.send(question),
                Effect::Abort(number) => {
                    let known = self.requests.iter_mut().find(|request| request.number == number);
                    let request = known.expect("a request that was sent");
                    let is_held = self.repeats.contains(&number);
                    assert!(request.over.is_none() || is_held, "broken off after its end");
                    request.over.get_or_insert(self.now);
                    let (task, caller) = (request.task, request.caller);
                    self.repeats.retain(|repeated| *repeated != number);
                    let is_wanted = match caller {
                        Some(caller) => self.people[caller].state == State::Here,
                        None => self.people.iter().any(|person| person.waits_for(task)),
                    };
                    assert!(!is_wanted || is_held, "broken off though somebody waits for it");
                }
                Effect::Late(number) => {
                    let late = self.under_way().find(|request| request.number == number).expect("under way");
                    assert!(late.sent + self.request_timeout() <= self.now, "given up too soon");
                    self.answer(number, nothing());
                }
                Effect::Tell(person, News::Status(_)) => {
                    assert_eq!(self.people[person].state, State::Here, "told a status after its end");
                }
                Effect::Tell(person, News::End(end)) => {
                    if let Err(failure) = &end
                        && failure.code == Code::Timeout
                    {
                        self.check_timeout(person);
                    }
                    self.told(person);
                }
                Effect::Look(person, _) | Effect::Polled(person, _) => {
                    self.calls.retain(|caller| *caller != person);
                    self.told(person);
                }
                Effect::Happened(event) => {
                    assert!(self.settings.has_observer, "nobody observes");
                    assert!(event.at <= at(self.now));
                }
            }
        }
    }

    fn told(&mut self, person: usize) {
        let person = &mut self.people[person];
        assert_eq!(person.state, State::Here, "told its end twice, or after it had left");
        person.state = State::Told;
        let key = person.key;
        self.engine.release(key, at(self.now));
    }

    fn send(&mut self, question: Question) {
        let Question { number, repeats, family, path } = question;
        let path_of = |task: usize| TASKS[task].0.status_path(&ApiVersion::default(), &id_of(task));
        let task = (0..TASKS.len()).find(|task| path_of(*task) == path).expect("a known path");
        assert_eq!(family, TASKS[task].0);
        assert!(self.now >= self.pause_until, "sent during a pause");

        let caller = match repeats {
            Some(former) => {
                let place = self.repeats.iter().position(|repeated| *repeated == former);
                self.repeats.remove(place.expect("something to repeat"));
                let former = self.requests.iter().find(|request| request.number == former);
                former.expect("a former request").caller
            }
            // Calls go first.
            None if !self.calls.is_empty() => Some(self.calls.remove(0)),
            None => None,
        };
        match caller {
            Some(caller) => {
                assert_eq!((self.people[caller].task, self.people[caller].state), (task, State::Here))
            }
            None => {
                assert!(self.poll_of(task).is_none(), "two polls of one task");
                self.check_poll(task, repeats.is_some());
            }
        }

        assert!(self.under_way().count() < self.settings.max_concurrent, "too many at a time");
        let per = self.limit.per.as_ms();
        let counts = |request: &&Request| request.over.is_none_or(|over| over + per > self.now);
        let counted = self.requests.iter().filter(counts).count();
        assert!(counted < self.limit.requests as usize, "{counted} in the window already");

        // What is over for long matters no more; those that are to be repeated still do.
        let (now, repeats_held) = (self.now, &self.repeats);
        let matters = |request: &Request| request.over.is_none_or(|over| over + 60_000 > now);
        self.requests.retain(|request| matters(request) || repeats_held.contains(&request.number));
        let answers = self.served.clone().map(|(after, reply)| (self.now + after, reply));
        let is_repeat = repeats.is_some();
        self.requests.push(Request { number, task, caller, is_repeat, sent: self.now, over: None, answers });
    }

    /// A poll is wanted, and not after the last deadline.
    fn check_poll(&self, task: usize, is_repeat: bool) {
        let mut waiters = self.people.iter().filter(|person| person.waits_for(task)).peekable();
        assert!(waiters.peek().is_some(), "asked for nobody");
        // What came due while the clock jumped is asked late, once.
        let is_in_time = |deadline: u64| deadline >= self.now || self.was_skipped(deadline);
        // A poll that was sent in time, and refused, may be repeated as soon as that is known.
        let answered_now = |request: &Request| {
            request.task == task && request.caller.is_none() && request.over == Some(self.now)
        };
        let is_prompt_repeat = is_repeat && self.requests.iter().any(answered_now);
        let is_in_time = waiters.any(|person| person.deadline().is_none_or(is_in_time));
        assert!(is_in_time || is_prompt_repeat, "asked after the last deadline");
    }

    /// The last poll of one who times out was sent at its deadline, unless something stood in its way.
    fn check_timeout(&self, person: usize) {
        let Person { task, role: Role::Waits { deadline: Some(deadline), has_rested, .. }, .. } =
            &self.people[person]
        else {
            panic!("timed out without a deadline");
        };
        assert!(*deadline <= self.now, "timed out too soon");
        let is_poll = |request: &&Request| request.task == *task && request.caller.is_none();
        let serves = |request: &Request| {
            request.sent == *deadline
                || request.sent < *deadline && request.over.is_none_or(|over| over >= *deadline)
        };
        let is_used = self.requests.iter().filter(is_poll).any(serves);
        let per = self.limit.per.as_ms();
        let counts = |request: &&Request| request.over.is_none_or(|over| over + per > *deadline);
        let is_full = self.under_way().count() >= self.settings.max_concurrent
            || self.requests.iter().filter(counts).count() >= self.limit.requests as usize;
        let excused = is_full || self.is_lowered || *has_rested || self.was_skipped(*deadline);
        assert!(is_used || excused, "its deadline {deadline} was not used");
    }

    /// What holds whenever nothing is left to do.
    fn check_rest(&self) {
        for person in self.people.iter().filter(|person| person.state == State::Here) {
            match &person.role {
                Role::Waits { rests: false, deadline: Some(deadline), .. } if *deadline <= self.now => {
                    // Only an answer that is under way may still come.
                    let poll = self.poll_of(person.task).expect("a last poll");
                    let is_in_time = poll.sent <= *deadline || poll.is_repeat || self.was_skipped(*deadline);
                    assert!(is_in_time, "asked after the deadline, and the wait goes on");
                }
                Role::Waits { rests: false, deadline, .. } => {
                    let is_refused = deadline.is_some_and(|deadline| deadline < self.pause_until);
                    let is_open = self.poll_of(person.task).is_some();
                    let is_paused = self.now < self.pause_until;
                    assert!(!is_paused || !is_refused || is_open, "cannot wait for the end of the pause");
                }
                Role::Waits { rests: true, .. } | Role::Calls { .. } => {}
            }
        }
        for request in self.under_way() {
            assert!(self.now < request.sent + self.request_timeout(), "should have been given up");
        }
        for caller in &self.calls {
            let Role::Calls { since, .. } = self.people[*caller].role else { panic!("no call") };
            let is_paused = self.now < self.pause_until;
            let is_in_time = since + self.request_timeout() >= self.pause_until;
            assert!(!is_paused || is_in_time, "sits out a pause for too long");
        }
    }
}

fn answered(
    status: u16,
    retry_after: Option<u64>,
    body: Body,
    payload: Payload<u8, &'static str>,
) -> TestReply {
    let retry_after = retry_after.map(ms);
    let answer = Answer::Http { status, retry_after, server_time: None, is_daily_limit: false, body };
    Reply { answer, payload, told: Told::default(), is_repeatable: false }
}

fn status(standing: Standing, text: u8, dates: [Option<u64>; 3], server_time: Option<u64>) -> TestReply {
    let [requested_at, started_at, completed_at] = dates.map(|date| date.map(at));
    let has_result = standing == Standing::Complete && text > 0;
    let envelope =
        Envelope { standing, has_errors: false, has_result, requested_at, started_at, completed_at };
    let mut reply = answered(200, None, Body::Status(envelope), Payload::Status(text));
    if let Answer::Http { server_time: said, .. } = &mut reply.answer {
        *said = server_time.map(at);
    }
    reply
}

fn refusal(status: u16, retry_after: Option<u64>) -> TestReply {
    answered(status, retry_after, Body::Unreadable, Payload::Fault("refused"))
}

fn nothing() -> TestReply {
    let payload = Payload::Fault("nothing came");
    Reply { answer: Answer::None, payload, told: Told::default(), is_repeatable: false }
}

/// Fixed numbers for a seed. (As strategies of their own, events would take ten times as long to make as to play.)
struct Dice(u64);

impl Dice {
    /// A number below that one.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }

    fn task(&mut self) -> usize {
        self.below(TASKS.len() as u64) as usize
    }

    fn date(&mut self) -> Option<u64> {
        (self.below(10) < 3).then(|| self.below(200_000))
    }

    fn timeout(&mut self) -> Option<u64> {
        match self.below(7) {
            0 => None,
            1 => Some(0),
            _ => Some(1 + self.below(60_000)),
        }
    }

    fn reply(&mut self) -> TestReply {
        match self.below(22) {
            0..10 => {
                let (running, processing) = (Standing::Running, Standing::Processing);
                let (complete, canceled) = (Standing::Complete, Standing::Canceled);
                let standings =
                    [running, running, running, running, processing, processing, complete, canceled];
                let standing = self.one_of(&standings);
                let dates = [self.date(), self.date(), self.date()];
                status(standing, self.below(3) as u8, dates, self.date())
            }
            10 => {
                let (max, remaining) = (Some(1 + self.below(20) as u32), Some(self.below(20) as u32));
                Reply { told: Told { max, remaining, interval: None }, ..running() }
            }
            11 => answered(202, Some(self.below(60_000)), Body::Empty, Payload::Empty),
            12 | 13 => refusal(self.one_of(&[500, 502, 200]), None),
            14 | 15 => nothing(),
            16 | 17 => {
                let lasts = self.below(40_000);
                let retry_after = self.one_of(&[None, Some(lasts), Some(lasts), Some(3_000_000_000)]);
                refusal(self.one_of(&[429, 477, 503, 423]), retry_after)
            }
            18..21 => Reply { is_repeatable: true, ..refusal(401, None) },
            _ => refusal(self.one_of(&[400, 401, 403, 404]), None),
        }
    }

    fn event(&mut self) -> Event {
        let number = self.below(1_000) as usize;
        match self.below(38) {
            0..8 => {
                let pace = 0.1 + self.below(50) as f64 / 10.0;
                Event::Join { task: self.task(), pace, timeout: self.timeout() }
            }
            8 | 9 => Event::Look(self.task()),
            10 => {
                let has_asked = self.below(2) > 0;
                Event::Once { task: self.task(), has_asked, deadline: self.timeout() }
            }
            11 | 12 => Event::Leave(number),
            13 => Event::Rest(number),
            14 => Event::Attend(number),
            15..25 => Event::Answer(number, self.reply()),
            25 => Event::Serve(match self.below(4) {
                0 => None,
                1 => Some((1 + self.below(20_000), self.reply())),
                _ => Some((1 + self.below(400), running())),
            }),
            26 => Event::Wake,
            27 => Event::Set(self.below(200_000) as i64 - 100_000),
            28..32 => Event::Pass(self.below(40_000)),
            _ => Event::Pass(self.below(3_000)),
        }
    }
}

fn running() -> TestReply {
    status(Standing::Running, 1, [None; 3], None)
}

fn any_event() -> impl Strategy<Value = Event> {
    any::<u64>().prop_map(|seed| Dice(seed).event())
}

fn any_settings() -> impl Strategy<Value = Settings> {
    (1..7_u32, 0..10_000_u64, 1..5_usize, 1_000..8_000_u64, any::<bool>()).prop_map(
        |(requests, per, max_concurrent, request_timeout, has_observer)| Settings {
            rate_limit: Some(RateLimit { requests, per: ms(per) }),
            max_concurrent,
            request_timeout: ms(request_timeout),
            has_observer,
            ..Settings::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_contract_holds(
        settings in any_settings(),
        events in prop::collection::vec(any_event(), 1..120),
        leave_first in any::<bool>(),
    ) {
        let mut world = World::new(settings);
        for event in events {
            world.happen(event);
        }
        if leave_first {
            // Nothing is left behind.
            for number in 0..world.people.len() {
                world.happen(Event::Leave(number));
            }
            prop_assert_eq!(world.under_way().count(), 0);
            prop_assert_eq!(world.engine.wake_at(at(world.now)), None);
        }
        // Whoever stays hears an end once the server says one that lasts.
        world.happen(Event::Serve(Some((10, refusal(403, None)))));
        for number in 0..world.people.len() {
            world.happen(Event::Attend(number));
        }
        world.happen(Event::Pass(LONG));
        let here = world.people.iter().filter(|person| person.state == State::Here).count();
        prop_assert_eq!(here, 0, "never told its end");
        prop_assert_eq!(world.engine.wake_at(at(world.now)), None);
    }
}
