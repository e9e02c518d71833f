//! Plays scenarios through the crate's async client: one a line of the input, and of each a line of what was seen.
//!
//! `tests/differential.test.mjs` plays the same ones through the npm package, and compares.

mod scenario;
mod server;
mod stage;
mod tokens;
mod told;
mod world;

use std::error::Error;
use std::io::{self, BufRead, BufWriter, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let mut output = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let seen = stage::play(serde_json::from_str(&line?)?);
        writeln!(output, "{seen}")?;
    }
    Ok(output.flush()?)
}
