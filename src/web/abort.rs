//! Abort signals: the caller's, which ends a call, and ours, which ends a request.

use std::future::{Future, poll_fn};
use std::task::Poll;

use js_sys::{Array, Error, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::host::{First, Gate, first, get, get_some, global, method};
use super::options::{Options, Refusal, refuse, show_kind};

/// The caller's signal, listened to until dropped.
pub struct Abort {
    signal: JsValue,
    gate: Gate,
}

impl Abort {
    /// The option `signal`.
    pub fn read(options: &Options) -> Result<Option<Abort>, Refusal> {
        let Some(signal) = options.value("signal")? else {
            return Ok(None);
        };
        let is_signal = signal.is_object()
            && get(&signal, "aborted").is_ok_and(|aborted| aborted.as_bool().is_some())
            && method(&signal, "removeEventListener").is_some();
        let listen = method(&signal, "addEventListener").filter(|_| is_signal);
        let refused = || refuse("signal", show_kind(&signal), "an AbortSignal");
        let listen = listen.ok_or_else(refused)?;
        let gate = Gate::new();
        listen.call2(&signal, &"abort".into(), &gate.open).map_err(|_| refused())?;
        Ok(Some(Abort { signal, gate }))
    }

    fn is_aborted(&self) -> bool {
        get(&self.signal, "aborted").is_ok_and(|aborted| aborted.is_truthy())
    }

    /// What an aborted call rejects with: the signal's reason, or an AbortError where it has none.
    fn reason(&self) -> JsValue {
        get_some(&self.signal, "reason").unwrap_or_else(abort_error)
    }

    /// Gives the signal's reason as soon as it is aborted, before anything else is polled.
    async fn aborted(&mut self) -> JsValue {
        poll_fn(|context| {
            let is_opened = self.gate.poll(context).is_ready();
            if self.is_aborted() || is_opened { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        self.reason()
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        // A signal that cannot remove a listener keeps one that does nothing.
        if let Some(remove) = method(&self.signal, "removeEventListener") {
            let _ = remove.call2(&self.signal, &"abort".into(), &self.gate.open);
        }
    }
}

/// What a future gives, or the error that an abort comes with.
pub async fn unless_aborted<T>(
    abort: &mut Option<Abort>,
    future: impl Future<Output = T>,
) -> Result<T, JsValue> {
    match abort {
        None => Ok(future.await),
        Some(abort) => match first(abort.aborted(), future).await {
            First::One(reason) => Err(reason),
            First::Other(output) => Ok(output),
        },
    }
}

fn abort_error() -> JsValue {
    let message = "This operation was aborted";
    let arguments = Array::of2(&message.into(), &"AbortError".into());
    let exception = global("DOMException")
        .and_then(|class| class.dyn_into::<Function>().ok())
        .and_then(|class| Reflect::construct(&class, &arguments).ok());
    exception.unwrap_or_else(|| {
        let error = Error::new(message);
        error.set_name("AbortError");
        error.into()
    })
}

/// The signal of one request; dropped before the request is over, it aborts it.
pub struct RequestAbort {
    controller: Option<JsValue>,
}

impl RequestAbort {
    /// Without a signal where the host has no AbortController.
    pub fn new() -> RequestAbort {
        let class = global("AbortController").and_then(|class| class.dyn_into::<Function>().ok());
        let controller = class.and_then(|class| Reflect::construct(&class, &Array::new()).ok());
        RequestAbort { controller }
    }

    pub fn signal(&self) -> Option<JsValue> {
        get_some(self.controller.as_ref()?, "signal")
    }

    /// The request is over: there is nothing left to abort.
    pub fn disarm(mut self) {
        self.controller = None;
    }
}

impl Drop for RequestAbort {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller
            && let Some(abort) = method(controller, "abort")
        {
            // An abort listener of the caller's fetch may throw; the request is given up all the same.
            let _ = abort.call0(controller);
        }
    }
}
