//! Times, as criterion estimates them, in turns with another revision.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::judge::{Estimate, Finding, of_times};
use super::revision::Revision;
use super::{Wanted, workshop};
use crate::gate::bench_program;
use crate::program::{root, run};

type Estimates = BTreeMap<String, Estimate>;

pub(super) fn compare(wanted: &Wanted) -> Result<Vec<Finding>> {
    let Some(revision) = &wanted.against else { return with_kept(wanted) };
    let other = Revision::check_out(revision, "before")?;
    in_turns(&other.folder, root(), &wanted.filter, wanted.rounds)
}

/// Each takes its turn in every round, so that whatever the machine is at hits both.
pub(super) fn in_turns(before: &Path, after: &Path, filter: &str, rounds: usize) -> Result<Vec<Finding>> {
    let sides = [(bench_program(before, "all")?, before, "before"), (bench_program(after, "all")?, after, "after")];
    let mut turns: [Vec<Estimates>; 2] = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        // Who goes first has the cooler machine.
        let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
        for side in order {
            let (program, folder, name) = &sides[side];
            // A checkout of that name may be there: the numbers have a folder of their own.
            let home = workshop().join(name).with_extension("criterion");
            drop(fs::remove_dir_all(&home));
            let mut bench = Command::new(program);
            bench.args(["--bench", "--noplot", "--warm-up-time", "0.5", "--measurement-time", "2", filter]);
            run({
                bench.env("CRITERION_HOME", &home).current_dir(folder);
                bench
            })?;
            turns[side].push(all(&home)?);
        }
    }
    let [before, after] = turns;
    let names = after.first().map(|first| first.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let of =
        |turns: &[Estimates], name: &str| turns.iter().filter_map(|turn| turn.get(name).copied()).collect::<Vec<_>>();
    Ok(names.iter().filter_map(|name| of_times(name, &of(&before, name), &of(&after, name))).collect())
}

/// What `cargo bench` measured last, with what was kept of an earlier run on this machine.
fn with_kept(wanted: &Wanted) -> Result<Vec<Finding>> {
    let file = workshop().join("estimates.json");
    let now = all(&root().join("target/criterion"))?;
    if wanted.update {
        fs::create_dir_all(workshop())?;
        let kept: BTreeMap<&String, Value> =
            now.iter().map(|(name, Estimate { point, low, high })| (name, json!([point, low, high]))).collect();
        fs::write(&file, serde_json::to_string_pretty(&kept)?)?;
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(&file).context(
        "nothing is kept: --update keeps what `cargo bench` measured last; --against REV needs no kept numbers",
    )?;
    let kept: BTreeMap<String, [f64; 3]> = serde_json::from_str(&text)?;
    let finding = |(name, [point, low, high]): (&String, &[f64; 3])| {
        of_times(name, &[Estimate { point: *point, low: *low, high: *high }], &[*now.get(name)?])
    };
    Ok(kept.iter().filter(|(name, _)| name.contains(&wanted.filter)).filter_map(finding).collect())
}

/// Every estimate below a folder of criterion's, by the name of the benchmark, in nanoseconds.
pub(crate) fn all(folder: &Path) -> Result<BTreeMap<String, Estimate>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("no estimates in {}", folder.display()))? {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| name == "new") {
                let read =
                    |file: &str| -> Result<Value> { Ok(serde_json::from_str(&fs::read_to_string(path.join(file))?)?) };
                let (benchmark, estimates) = (read("benchmark.json")?, read("estimates.json")?);
                // The slope where there is one, else the median, as criterion itself prints them.
                let of = if estimates["slope"].is_object() { &estimates["slope"] } else { &estimates["median"] };
                let number = |value: &Value| value.as_f64().context("an estimate is a number");
                let interval = &of["confidence_interval"];
                let estimate = Estimate {
                    point: number(&of["point_estimate"])?,
                    low: number(&interval["lower_bound"])?,
                    high: number(&interval["upper_bound"])?,
                };
                let name = benchmark["full_id"].as_str().context("a benchmark has a name")?;
                found.insert(name.to_owned(), estimate);
            } else if path.is_dir() {
                open.push(path);
            }
        }
    }
    if found.is_empty() {
        bail!("no estimates in {}", folder.display());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_found_by_the_name_of_their_benchmark() {
        let folder = workshop().join(format!("test-{}", std::process::id()));
        let new = folder.join("match").join("git").join("new");
        fs::create_dir_all(&new).unwrap();
        fs::write(new.join("benchmark.json"), r#"{"full_id":"match/git"}"#).unwrap();
        let median = r#"{"point_estimate":5.5,"confidence_interval":{"lower_bound":5.0,"upper_bound":6.0}}"#;
        fs::write(new.join("estimates.json"), format!(r#"{{"slope":null,"median":{median}}}"#)).unwrap();
        let found = all(&folder);
        fs::remove_dir_all(&folder).unwrap();
        let found = found.unwrap();
        assert_eq!(found["match/git"], Estimate { point: 5.5, low: 5.0, high: 6.0 });
        assert!(all(&folder).is_err());
    }
}
