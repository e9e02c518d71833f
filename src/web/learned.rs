//! What a client learned, as a plain object: durations in seconds by family and phase.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::Detail;
use super::host::{as_number, field, is_some, plain, put};
use super::options::{Refusal, refuse_kind};
use crate::family::Family;
use crate::poll::{Durations, Learned};

const PHASES: [&str; 2] = ["whole", "processing"];

/// For [`read_learned`] in another page or process.
pub fn learned_object(learned: &[Learned; 4]) -> JsValue {
    let object = Object::new();
    for (family, Learned { whole, processing }) in Family::ALL.iter().zip(learned) {
        let phases = Object::new();
        for (name, durations) in PHASES.iter().zip([whole, processing]) {
            let seconds = Array::new();
            for took in durations.seconds() {
                seconds.push(&took.into());
            }
            put(&phases, name, &seconds);
        }
        put(&object, family.name(), &phases);
    }
    object.into()
}

/// The option `learned`: what [`learned_object`] gave, or false. Says whether the client is to learn, and from what.
pub fn read_learned(value: &JsValue) -> Result<(bool, [Learned; 4]), Refusal> {
    let mut learned: [Learned; 4] = Default::default();
    if !is_some(value) || value.as_bool().is_some() {
        return Ok((value.as_bool() != Some(false), learned));
    }
    if !value.is_object() {
        let takes = "what learned() gave, or false";
        return Err(refuse_kind("learned", value, takes));
    }
    let value = plain(value).map_err(|thrown| Detail::thrown("learned: reading it threw", &thrown))?;
    for (family, learned) in Family::ALL.iter().zip(&mut learned) {
        let phases = field(&value, family.name());
        for (name, durations) in PHASES.iter().zip([&mut learned.whole, &mut learned.processing]) {
            record_all(durations, field(&phases, name));
        }
    }
    Ok((true, learned))
}

/// What is no list of durations is as good as nothing learned.
fn record_all(durations: &mut Durations, seconds: JsValue) {
    if let Ok(seconds) = seconds.dyn_into::<Array>() {
        (0..seconds.length()).for_each(|at| durations.record_seconds(as_number(&seconds.get(at))));
    }
}
