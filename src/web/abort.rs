//! The caller's abort signal.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use wasm_bindgen::JsValue;

use super::host::{First, Running, Underway, abort_reason, first, get, listen, method};
use super::options::{Options, Refusal, refuse, show_kind};

/// The caller's signal, listened to until dropped.
pub struct Abort {
    signal: JsValue,
    listening: Underway,
}

impl Abort {
    /// The option `signal`.
    pub fn read(options: &Options) -> Result<Option<Abort>, Refusal> {
        let signal = options.get("signal");
        if signal.is_undefined() {
            return Ok(None);
        }
        let is_signal = signal.is_object()
            && get(&signal, "aborted").is_ok_and(|aborted| aborted.as_bool().is_some())
            && method(&signal, "removeEventListener").is_some();
        let handle = if is_signal { listen(&signal).ok() } else { None };
        let refused = || refuse("signal", &show_kind(&signal), "an AbortSignal");
        let listening = Underway::new(handle.ok_or_else(refused)?);
        Ok(Some(Abort { signal, listening }))
    }

    /// Gives the signal's reason as soon as it is aborted, before anything else is polled.
    async fn aborted(&mut self) -> JsValue {
        let Abort { signal, listening } = self;
        poll_fn(|context| {
            let is_told = Pin::new(&mut *listening).poll(context).is_ready();
            let is_aborted = get(signal, "aborted").is_ok_and(|aborted| aborted.is_truthy());
            if is_told || is_aborted { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        abort_reason(signal).unwrap_or_else(|thrown| thrown)
    }
}

/// What a call gives, or the error that an abort comes with.
pub async fn unless_aborted(abort: Option<Abort>, mut call: Running) -> Result<JsValue, JsValue> {
    match abort {
        None => call.await,
        Some(mut abort) => match first(abort.aborted(), &mut call).await {
            First::One(reason) => Err(reason),
            First::Other(output) => output,
        },
    }
}
