//! What a Rust front end uses in a host of JavaScript: with the simulator in process; and, where the build was given a
//! server's address in `SIMULATOR_URL`, over the host's own fetch as well.

mod front_end;
mod hostile;
mod hosts_fetch;
mod secrets;
mod simulator;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use hubspot_async_tasks::client::{self, Client};
use hubspot_async_tasks::engine::{Settings, Timeout};
use hubspot_async_tasks::family::{Family, TaskId};
use hubspot_async_tasks::poll::{Schedule, Span};
use hubspot_async_tasks::web::{
    BaseUrl, CallerHeaders, Detail, FetchTransport, HostClock, StatusBody, Token,
};
use js_sys::{Function, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use simulator::{Simulator, create_simulator, delay};

type FrontEnd = Client<StatusBody, Detail>;
type Task = client::Task<StatusBody, Detail>;
type Ended = Result<client::Finished<StatusBody>, Box<client::Failure<StatusBody, Detail>>>;

const fn ms(ms: u64) -> Span {
    Span::from_ms(ms)
}

/// Polls fast, so that the tests do.
fn fast() -> Settings {
    let schedule = Schedule { min: ms(5), max: ms(20), ..Schedule::default() };
    Settings { schedule, timeout: Timeout::After(ms(20_000)), ..Settings::default() }
}

fn transport(url: &str, token: Token, fetch: Option<Function>) -> FetchTransport {
    let url = BaseUrl::new(url).expect(url);
    FetchTransport::new(url, CallerHeaders::default(), token, fetch, HostClock::default())
        .expect("a transport")
}

/// A client that asks this simulator.
fn client_with(simulator: &Simulator, token: Token, settings: Settings) -> FrontEnd {
    let transport = transport(BaseUrl::DEFAULT, token, Some(simulator.fetch()));
    spawned(transport, HostClock::default(), settings)
}

/// A client whose driver runs.
fn spawned(transport: FetchTransport, clock: HostClock, engine: Settings) -> FrontEnd {
    let (client, driver) =
        Client::new(transport, clock, client::Settings { engine, ..client::Settings::default() });
    spawn_local(driver);
    client
}

fn client(simulator: &Simulator) -> FrontEnd {
    client_with(simulator, Token::None, fast())
}

fn simulator() -> Simulator {
    create_simulator(&JsValue::UNDEFINED)
}

fn task(client: &FrontEnd, family: Family, id: &str) -> Task {
    client.task(family, TaskId::new(family, id).expect(id))
}

/// Waits as the client's settings say.
async fn wait(client: &FrontEnd, task: &Task) -> Ended {
    task.wait(client.settings().engine.wait()).finished().await
}

/// Drops a future that is not done in so many milliseconds.
async fn within<Output>(ms: u32, future: impl Future<Output = Output>) -> Option<Output> {
    let mut future = pin!(future);
    let mut over = pin!(JsFuture::from(delay(ms)));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => over.as_mut().poll(context).map(|_| None),
    })
    .await
}

fn get(target: &JsValue, name: &str) -> JsValue {
    Reflect::get(target, &name.into()).unwrap_or_else(|thrown| panic!("{name}: {thrown:?}"))
}

fn text(target: &JsValue, name: &str) -> String {
    get(target, name).as_string().unwrap_or_else(|| panic!("{name} is no string"))
}

/// What became of each request: a status, or a word.
fn answers(simulator: &Simulator) -> Vec<String> {
    let told = |status: JsValue| match status.as_f64() {
        Some(number) => number.to_string(),
        None => status.as_string().unwrap_or_default(),
    };
    simulator.requests().iter().map(|request| told(get(&request, "status"))).collect()
}
