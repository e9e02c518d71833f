//! What happens in a random play.

use hubspot_async_tasks::engine::Timeout;
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Answer, Body, Envelope, Pace, RateHeaders, Standing, Timestamp};

use crate::play::{at, ms};
use crate::say::{Say, answer, empty, running, say, status};

/// That of each task.
pub const FAMILIES: [Family; 4] =
    [Family::FileImport, Family::FolderUpdate, Family::Export, Family::SourceCodeExtract];

#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A call begins, rests, attends or leaves.
    Call(Do),
    /// One of the requests under way is answered.
    Answer(u64, Say),
    /// From now on requests are answered by themselves: after how long, and with what.
    Serve(Option<(u64, Say)>),
    /// The network is back.
    Wake,
    /// A new task of the host begins.
    Turn,
    /// Time passes, in turns.
    Pass(u64),
    /// The local clock is set forth by so much, or back.
    Set(i64),
    /// Nobody holds that task any more.
    Close(usize),
    Abandon,
}

#[derive(Clone, Copy, Debug)]
pub enum Do {
    Wait {
        task: usize,
        pace: Pace,
        timeout: Timeout,
    },
    Look(usize),
    Once {
        task: usize,
        /// Of a task of its own, which carries on where that one stands.
        alone: bool,
        deadline: Option<u64>,
    },
    /// The call of that number among those that are open, or that left just now.
    Leave(u64),
    Rest(u64),
    Attend(u64),
}

/// Fixed numbers for a seed. (As strategies of their own, events would take ten times as long to make as to play.)
pub struct Dice(pub u64);

impl Dice {
    /// A number below that one.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }

    fn task(&mut self) -> usize {
        self.below(FAMILIES.len() as u64) as usize
    }

    fn date(&mut self) -> Option<Timestamp> {
        (self.below(10) < 3).then(|| at(self.below(200_000)))
    }

    fn timeout(&mut self) -> Option<u64> {
        match self.below(7) {
            0 => None,
            1 => Some(0),
            2 => Some(1_000 * (1 + self.below(10))),
            _ => Some(1 + self.below(60_000)),
        }
    }

    pub fn call(&mut self) -> Do {
        let which = self.below(1_000);
        match self.below(16) {
            0..6 => {
                let k = 0.1 + self.below(12) as f64 / 4.0;
                let timeout = match self.below(8) {
                    0 => Timeout::Default,
                    _ => self.timeout().map(ms).into(),
                };
                Do::Wait { task: self.task(), pace: Pace::new(k).expect("a pace"), timeout }
            }
            6..8 => Do::Look(self.task()),
            8..10 => {
                let alone = self.below(2) > 0;
                Do::Once { task: self.task(), alone, deadline: self.timeout() }
            }
            10..12 => Do::Leave(which),
            12..14 => Do::Rest(which),
            _ => Do::Attend(which),
        }
    }

    fn say(&mut self) -> Say {
        match self.below(22) {
            0..10 => {
                let (running, processing) = (Standing::Queued, Standing::Processing);
                let (complete, canceled) = (Standing::Complete, Standing::Canceled);
                let standings =
                    [running, running, running, running, processing, processing, complete, canceled];
                let (standing, text) = (self.one_of(&standings), 1 + self.below(3) as u32);
                let has_dates = self.below(2) == 0;
                let envelope = Envelope {
                    standing,
                    has_errors: self.below(4) == 0,
                    has_result: standing == complete && self.below(4) > 0,
                    requested_at: self.date(),
                    started_at: self.date(),
                    completed_at: self.date(),
                };
                let envelope = match standing == complete && has_dates {
                    true => Envelope {
                        requested_at: Some(at(self.below(1_000))),
                        completed_at: Some(at(2_000 + self.below(90_000))),
                        ..envelope
                    },
                    false => envelope,
                };
                let text = text + 10 * standing as u32;
                status(envelope).text(text).date(self.date())
            }
            10 => {
                let (max, remaining) = (Some(1 + self.below(20) as u32), Some(self.below(20) as u32));
                running().rate_headers(RateHeaders { max, remaining, interval: None })
            }
            11 => empty().retry_after(self.below(60_000)),
            12 if self.below(3) == 0 => answer(200, Body::Error),
            12 | 13 => refusal(self.one_of(&[500, 502, 200, 423])),
            14 | 15 => say(Answer::None),
            16 | 17 => {
                let said = refusal(self.one_of(&[429, 477, 503, 423]));
                match self.below(8) {
                    0 => said.retry_after(0),
                    1 | 2 => said,
                    3 => said.retry_after(3_000_000_000),
                    _ => said.retry_after(self.below(40_000)),
                }
            }
            18..21 => refusal(401).repeatable(),
            _ => refusal(self.one_of(&[400, 401, 403, 404])),
        }
    }

    pub fn event(&mut self) -> Event {
        match self.below(76) {
            0..34 => Event::Call(self.call()),
            34..52 => Event::Answer(self.below(1_000), self.say()),
            52..54 => Event::Serve(match self.below(4) {
                0 => None,
                1 => Some((1 + self.below(20_000), self.say())),
                _ => Some((1 + self.below(400), running())),
            }),
            54 | 55 => Event::Wake,
            56..58 => Event::Turn,
            58 => Event::Set(self.below(200_000) as i64 - 100_000),
            59 if self.below(3) == 0 => Event::Close(self.task()),
            60 if self.below(6) == 0 => Event::Abandon,
            61..69 => Event::Pass(self.below(40_000)),
            _ => Event::Pass(self.below(3_000)),
        }
    }
}

/// What is no status.
pub fn refusal(status: u16) -> Say {
    answer(status, Body::Unreadable)
}
