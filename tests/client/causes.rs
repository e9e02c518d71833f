//! Faults and failures as errors: what they say, to whoever prints them.

use std::error::Error;

use hubspot_async_tasks::client::{Failure, Fault};
use hubspot_async_tasks::poll::Code;

use crate::world::{Text, ms};

fn failure(code: Code, fault: Option<Fault<Text>>) -> Failure<Text, Text> {
    Failure { code, fault, retry_after: None, last_status: Some("a"), polls: 3 }
}

#[test]
fn a_failure_says_its_code_and_what_went_wrong() {
    let fault = |code| Some(Fault { code, detail: "no answer came" });
    let table = [
        (failure(Code::Canceled, None), "CANCELED"),
        (failure(Code::Network, fault(Code::Network)), "NETWORK: no answer came"),
        (failure(Code::Timeout, fault(Code::Network)), "TIMEOUT: the last poll met NETWORK: no answer came"),
        (
            Failure { retry_after: Some(ms(1_500)), ..failure(Code::Migrating, fault(Code::Migrating)) },
            "MIGRATING: no answer came (HubSpot asks to wait 1.5 s)",
        ),
    ];
    for (failure, said) in table {
        assert_eq!(failure.to_string(), said);
        let boxed: Box<dyn Error + Send + Sync> = Box::from(failure);
        assert_eq!(boxed.to_string(), said);
    }
}

#[test]
fn a_fault_is_an_error_too() {
    let fault: Box<dyn Error> = Box::from(Fault { code: Code::Forbidden, detail: "scope" });
    assert_eq!(fault.to_string(), "FORBIDDEN: scope");
}
