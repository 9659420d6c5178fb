//! Wall time, by criterion: `cargo bench -p cookiespec-benches --bench wall`.

use cookiespec_benches::{Group, Work, jar, parsers, persistent_tier, site, suite};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn all(criterion: &mut Criterion) {
    measure(criterion, parsers());
    for cookies in [100, 10_000, 1_000_000] {
        measure(criterion, jar(cookies));
    }
    measure(criterion, site());
    measure(criterion, persistent_tier());
    measure(criterion, vec![suite()]);
}

fn measure(criterion: &mut Criterion, groups: Vec<Group>) {
    for mut group in groups {
        let mut measured = criterion.benchmark_group(&group.name);
        measured.throughput(match group.work {
            Work::Octets(octets) => Throughput::Bytes(octets as u64),
            Work::Times(times) => Throughput::Elements(times as u64),
        });
        for subject in &mut group.subjects {
            measured.bench_function(subject.name, |bencher| bencher.iter(|| subject.run(1)));
        }
        measured.finish();
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
