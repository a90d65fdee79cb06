//! What the app costs, measured now and then and counted as [`Event::Sampled`].

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use caro::telemetry::{Event, Recorder};
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

// Rare enough to be no cost of its own: reading the process table takes some milliseconds.
const EVERY: Duration = Duration::from_secs(30);
// The first one soon after the start, so that the page is not empty when somebody looks at it.
const FIRST_AFTER: Duration = Duration::from_secs(2);

/// How often it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// Twice a minute.
    Steady,
    /// Not at all; the thread sleeps without waking up.
    Never,
}

/// Says how much of the memory is a language model's.
pub type ModelBytes = Box<dyn Fn() -> u64 + Send>;

/// The thread that measures.
#[derive(Debug)]
pub struct Sampler {
    rate: Sender<Rate>,
}

impl Sampler {
    /// Starts measuring.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(recorder: Recorder, rate: Rate, model: ModelBytes) -> std::io::Result<Self> {
        let (sender, changes) = mpsc::channel();
        thread::Builder::new().name("sampler".to_owned()).spawn(move || run(&recorder, rate, &changes, &model))?;
        Ok(Self { rate: sender })
    }

    /// Changes how often it is measured.
    pub fn set(&self, rate: Rate) {
        // The thread ends with the process.
        let _ = self.rate.send(rate);
    }
}

fn run(recorder: &Recorder, mut rate: Rate, changes: &Receiver<Rate>, model: &ModelBytes) {
    // Where the system does not tell, there is nothing to count.
    let Ok(mut meter) = Meter::new() else { return };
    let mut pause = FIRST_AFTER;
    loop {
        let change = match rate {
            Rate::Steady => changes.recv_timeout(pause),
            Rate::Never => changes.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match change {
            Ok(wanted) => rate = wanted,
            Err(RecvTimeoutError::Timeout) => {
                let Reading { own_bytes, webview_bytes, cpu_percent } = meter.read();
                // A model that is given back just now would be more than there is.
                let model_bytes = model().min(own_bytes);
                let resident_bytes = own_bytes + webview_bytes;
                recorder.record(Event::Sampled { resident_bytes, webview_bytes, model_bytes, cpu_percent });
                pause = EVERY;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

#[derive(Debug, Default)]
struct Reading {
    own_bytes: u64,
    webview_bytes: u64,
    cpu_percent: f32,
}

struct Meter {
    system: System,
    own: Pid,
}

impl Meter {
    fn new() -> Result<Self, sysinfo::Error> {
        let mut meter = Self { system: System::new()?, own: Pid::from_u32(std::process::id()) };
        // CPU time is a difference: the first reading is what the next one is compared with.
        meter.read();
        Ok(meter)
    }

    /// Memory and CPU of this process and those it started, which are the web views.
    fn read(&mut self) -> Reading {
        let kind = ProcessRefreshKind::nothing().with_memory().with_cpu().without_tasks();
        self.system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
        let ours = self.system.processes().values().filter(|process| self.is_ours(process.pid()));
        let mut reading = Reading::default();
        for process in ours {
            let bytes = if process.pid() == self.own { &mut reading.own_bytes } else { &mut reading.webview_bytes };
            *bytes += process.memory();
            reading.cpu_percent += process.cpu_usage();
        }
        reading
    }

    fn is_ours(&self, pid: Pid) -> bool {
        let parent = |pid: &Pid| self.system.process(*pid).and_then(sysinfo::Process::parent);
        // A process tree is no deeper than this, and one read while it changes might be a circle.
        std::iter::successors(Some(pid), parent).take(16).any(|ancestor| ancestor == self.own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_costs_something() {
        let reading = Meter::new().unwrap().read();
        assert!(reading.own_bytes > 1 << 20 && reading.cpu_percent >= 0.0, "{reading:?}");
    }
}
