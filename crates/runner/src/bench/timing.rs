//! Many samples in three figures.

/// The median of samples and the quartiles around it, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// A quarter of the samples are below.
    pub low: f64,
    /// Half of the samples are below.
    pub median: f64,
    /// A quarter of the samples are above.
    pub high: f64,
}

impl Timing {
    /// Sums up samples, of which there is at least one.
    pub(super) fn of(mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        let at = |share| quantile(&samples, share);
        Self { low: at(0.25), median: at(0.5), high: at(0.75) }
    }

    /// How many there are in a second.
    pub fn per_second(&self) -> f64 {
        1e9 / self.median
    }

    /// Half the distance between the quartiles.
    pub fn spread(&self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// The value below which this share of the samples is; between two of them in proportion.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle_and_the_quartiles_around_it() {
        let timing = Timing::of(vec![5.0, 1.0, 4.0, 2.0, 3.0]);
        assert_eq!(timing, Timing { low: 2.0, median: 3.0, high: 4.0 });
        assert_eq!(timing.spread(), 1.0);
        assert_eq!(Timing::of(vec![7.0]), Timing { low: 7.0, median: 7.0, high: 7.0 });
        assert_eq!(Timing::of(vec![1.0, 2.0]).median, 1.5);
        assert_eq!(Timing::of(vec![500.0, 500.0]).per_second(), 2e6);
    }
}
