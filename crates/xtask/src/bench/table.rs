//! The figures side by side, as Markdown.

use super::goal::Goal;
use super::unit::Unit;

/// One figure of ours and of the peers, and what it must reach.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) figure: String,
    pub(super) unit: Unit,
    pub(super) ours: f64,
    /// In the order of the table's columns; `None` where a peer has no such figure.
    pub(super) peers: Vec<Option<f64>>,
    /// The column that the figure is compared with.
    pub(super) beside: usize,
    pub(super) goal: Goal,
}

impl Row {
    /// A figure beside that of the only peer.
    pub(super) fn beside(
        figure: impl Into<String>,
        unit: Unit,
        ours: f64,
        peer: f64,
        goal: Goal,
    ) -> Self {
        Self {
            figure: figure.into(),
            unit,
            ours,
            peers: vec![Some(peer)],
            beside: 0,
            goal,
        }
    }

    pub(super) fn is_reached(&self) -> bool {
        // Goals that need no peer do not look at it.
        self.goal
            .is_reached(self.ours, self.peer().unwrap_or(f64::NAN))
    }

    fn peer(&self) -> Option<f64> {
        self.peers.get(self.beside).copied().flatten()
    }

    /// Ours as a part or a multiple of the peer's.
    fn ratio(&self) -> String {
        match self.peer() {
            Some(peer) if self.ours < peer => format!("1/{:.1}", peer / self.ours),
            Some(peer) if peer > 0.0 => format!("{:.1} times", self.ours / peer),
            Some(_) | None => "–".to_owned(),
        }
    }

    fn verdict(&self) -> &'static str {
        match self.goal {
            Goal::None => "",
            _ if self.is_reached() => "reached",
            _ => "**missed**",
        }
    }
}

/// The table, a column for each of the peers, with a line end after each row.
pub(super) fn markdown(peers: &[&str], rows: &[Row]) -> String {
    let mut table = format!(
        "| figure | Notifymatters | {} | compared | must reach | |\n|---|---:|{}---:|---|---|\n",
        peers.join(" | "),
        "---:|".repeat(peers.len()),
    );
    for row in rows {
        let peers: String = row
            .peers
            .iter()
            .map(|peer| match peer {
                Some(value) => format!(" {} |", row.unit.show(*value)),
                None => " – |".to_owned(),
            })
            .collect();
        table.push_str(&format!(
            "| {} | {} |{peers} {} | {} | {} |\n",
            row.figure,
            row.unit.show(row.ours),
            row.ratio(),
            row.goal.show(row.unit),
            row.verdict(),
        ));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_says_both_figures_their_ratio_and_whether_the_goal_is_reached() {
        let rows = [
            Row::beside(
                "executable",
                Unit::Bytes,
                0.6e6,
                18e6,
                Goal::UnderPart(15.0),
            ),
            Row::beside(
                "requests a second",
                Unit::PerSecond,
                2600.0,
                2000.0,
                Goal::Times(1.4),
            ),
        ];
        assert_eq!(
            markdown(&["the same in Go"], &rows),
            "| figure | Notifymatters | the same in Go | compared | must reach | |\n\
             |---|---:|---:|---:|---|---|\n\
             | executable | 0.60 MB | 18.0 MB | 1/30.0 | under 1/15 | reached |\n\
             | requests a second | 2,600 | 2,000 | 1.3 times | at least 1.4 times | **missed** |\n"
        );
    }

    #[test]
    fn with_two_peers_the_figure_is_compared_with_the_one_that_it_names() {
        let rows = [
            Row {
                figure: "a hop".to_owned(),
                unit: Unit::Microseconds,
                ours: 150.0,
                peers: vec![Some(200.0), Some(100.0)],
                beside: 1,
                goal: Goal::AtMostTimes(2.0),
            },
            Row {
                figure: "memory".to_owned(),
                unit: Unit::Kilobytes,
                ours: 1000.0,
                peers: vec![Some(0.0), None],
                beside: 0,
                goal: Goal::None,
            },
        ];
        assert_eq!(
            markdown(&["by hand", "bare"], &rows),
            "| figure | Notifymatters | by hand | bare | compared | must reach | |\n\
             |---|---:|---:|---:|---:|---|---|\n\
             | a hop | 150 µs | 200 µs | 100 µs | 1.5 times | at most 2 times | reached |\n\
             | memory | 1.00 kB | 0.00 kB | – | – |  |  |\n"
        );
    }
}
