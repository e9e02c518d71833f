//! What a client has of the outside: the scripted server, whose answers the crate's own reader reads, and the clock.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::mem;
use std::rc::Rc;
use std::time::{Duration, UNIX_EPOCH};

use hubspot_async_tasks::client::{Clock, Payload, Question, Reply, Transport};
use hubspot_async_tasks::engine::RequestId;
use hubspot_async_tasks::poll::{self, Code, Span, Timestamp};
use hubspot_async_tasks::read::{self, Detail, Response, StatusBody, read};
use serde_json::{Value, json};

use super::scenario::{Answer, Comes, Scenario};
use super::tokens::Tokens;
use super::world::{START_MS, Whose, World};

/// What one client asked for.
#[derive(Default)]
pub struct Log {
    pub requests: RefCell<Vec<Value>>,
    /// When its token function was called.
    pub token_calls: RefCell<Vec<Value>>,
}

pub struct Server {
    pub world: Rc<World>,
    pub scenario: Rc<Scenario>,
    pub log: Rc<Log>,
    pub tokens: Option<Tokens>,
    pub client: usize,
    /// How many requests there were, by path.
    pub counts: RefCell<BTreeMap<String, usize>>,
    /// The requests that wait for their token.
    pub tokenless: RefCell<BTreeSet<RequestId>>,
}

type ServerReply = Reply<StatusBody, Detail, String>;

impl Transport for Server {
    type Body = StatusBody;
    type Detail = Detail;
    /// The token that was refused.
    type Repeat = String;

    async fn ask(&self, question: Question, repeat: Option<String>) -> ServerReply {
        let given = match &self.tokens {
            None => None,
            Some(tokens) => {
                let waiting = Tokenless::of(self, question.request);
                let given = tokens.next(repeat.as_deref()).await;
                drop(waiting);
                match given {
                    Ok(given) => Some(given),
                    Err(wrong) => return unsendable(wrong),
                }
            }
        };
        let secret = given.as_ref().map(|given| given.token.as_str());
        let flight = Flight::begin(self, &question.path, secret);
        let (answer, nth) = self.next_answer(&question.path);
        match answer.after_ms {
            Some(after_ms) => {
                let whose = Whose::Server(self.client, question.path.clone(), nth);
                self.world.timer(after_ms, whose).await;
            }
            None => pending().await,
        }
        flight.end("answered");
        let secrets = secret.as_slice();
        match read_answer(answer, &question, &self.world, secrets) {
            Err(error) => Reply::nothing(Detail::no_answer(error, secrets, false)),
            Ok((status, reading)) => {
                let repeatable = given.filter(|given| status == 401 && !given.is_fresh);
                reply(reading, repeatable.map(|given| given.token))
            }
        }
    }

    fn late(&self, question: &Question) -> ServerReply {
        if self.tokenless.borrow().contains(&question.request) {
            return unsendable(Detail::new("the token function did not answer within requestTimeoutMs"));
        }
        Reply::nothing(Detail::new("no answer came within requestTimeoutMs"))
    }
}

impl Server {
    /// The answer to the next request for this path, and how many there were before.
    fn next_answer(&self, path: &str) -> (&Answer, usize) {
        let is_asked = |id: &str| path.split('/').any(|segment| segment == id);
        let task =
            self.scenario.tasks.iter().find(|task| is_asked(&task.id)).expect("a task of the scenario");
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry(path.to_owned()).or_default();
        let nth = mem::replace(count, *count + 1);
        let story = if path.ends_with("/status") { &task.answers } else { &task.details };
        (&story[nth.min(story.len() - 1)], nth)
    }
}

fn read_answer<'scenario>(
    answer: &'scenario Answer,
    question: &Question,
    world: &World,
    secrets: &[&str],
) -> Result<(u16, read::Reading), &'scenario str> {
    let (status, headers, date_ahead_ms, body) = match &answer.comes {
        Comes::Error { error } => return Err(error),
        Comes::Response { status, headers, date_ahead_ms, body } => (*status, headers, *date_ahead_ms, body),
    };
    let date = date_ahead_ms.map(|ahead_ms| {
        let ms = (START_MS + world.now_ms()).saturating_add_signed(ahead_ms);
        httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_millis(ms))
    });
    let header = |name: &str| if name == "date" { date.clone() } else { headers.get(name).cloned() };
    let response = Response { status, header, body: body.as_bytes() };
    let now = Timestamp::from_ms(world.clock_ms());
    Ok((status, read(&response, (question.family, question.asked), now, secrets)))
}

fn reply(reading: read::Reading, repeat: Option<String>) -> ServerReply {
    let payload = match reading.payload {
        read::Payload::Status(status) => Payload::Status(status),
        read::Payload::Empty => Payload::Empty,
        read::Payload::Fault(detail) => Payload::Fault(detail),
    };
    Reply { answer: reading.answer, payload, rate_headers: reading.rate_headers, repeat }
}

/// There is no token, and a further try would bring none either.
fn unsendable(detail: Detail) -> ServerReply {
    Reply { answer: poll::Answer::Unsendable(Code::Unauthorized), ..Reply::nothing(detail) }
}

/// A request that waits for its token.
struct Tokenless<'server>(&'server Server, RequestId);

impl<'server> Tokenless<'server> {
    fn of(server: &'server Server, request: RequestId) -> Self {
        server.tokenless.borrow_mut().insert(request);
        Tokenless(server, request)
    }
}

impl Drop for Tokenless<'_> {
    fn drop(&mut self) {
        self.0.tokenless.borrow_mut().remove(&self.1);
    }
}

/// A request under way: broken off when it is dropped before its end.
struct Flight<'server> {
    server: &'server Server,
    place: usize,
}

impl<'server> Flight<'server> {
    fn begin(server: &'server Server, path: &str, token: Option<&str>) -> Self {
        let mut requests = server.log.requests.borrow_mut();
        let place = requests.len();
        requests.push(json!({ "at": server.world.now_ms(), "path": path, "token": token, "end": null }));
        Flight { server, place }
    }

    fn end(&self, how: &str) {
        let end = &mut self.server.log.requests.borrow_mut()[self.place]["end"];
        if end.is_null() {
            *end = json!({ "at": self.server.world.now_ms(), "is": how });
        }
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.end("aborted");
    }
}

pub struct WorldClock {
    pub world: Rc<World>,
    pub client: usize,
}

impl Clock for WorldClock {
    type Fault = Detail;

    fn now(&self) -> Result<Timestamp, Detail> {
        Ok(Timestamp::from_ms(self.world.clock_ms()))
    }

    async fn sleep(&self, span: Span) -> Result<(), Detail> {
        self.world.timer(span.as_ms(), Whose::Client(self.client)).await;
        Ok(())
    }
}
