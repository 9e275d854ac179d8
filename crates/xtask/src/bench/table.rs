//! The figures side by side, as Markdown.

use super::goal::Goal;
use super::unit::Unit;

/// One figure of both, and what it must reach.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) figure: String,
    pub(super) unit: Unit,
    pub(super) ours: f64,
    pub(super) go: f64,
    pub(super) goal: Goal,
}

impl Row {
    pub(super) fn is_reached(&self) -> bool {
        self.goal.is_reached(self.ours, self.go)
    }

    /// Ours as a part or a multiple of Go's.
    fn ratio(&self) -> String {
        if self.ours < self.go {
            format!("1/{:.1}", self.go / self.ours)
        } else {
            format!("{:.1} times", self.ours / self.go)
        }
    }
}

/// The table, with a line end after each row.
pub(super) fn markdown(rows: &[Row]) -> String {
    let mut table = String::from(
        "| figure | Notifymatters | the same in Go | compared | must reach | |\n|---|---:|---:|---:|---|---|\n",
    );
    for row in rows {
        let verdict = if row.is_reached() {
            "reached"
        } else {
            "**missed**"
        };
        table.push_str(&format!(
            "| {} | {} | {} | {} | {} | {verdict} |\n",
            row.figure,
            row.unit.show(row.ours),
            row.unit.show(row.go),
            row.ratio(),
            row.goal.show(row.unit),
        ));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(figure: &str, unit: Unit, ours: f64, go: f64, goal: Goal) -> Row {
        Row {
            figure: figure.to_owned(),
            unit,
            ours,
            go,
            goal,
        }
    }

    #[test]
    fn each_row_says_both_figures_their_ratio_and_whether_the_goal_is_reached() {
        let rows = [
            row(
                "executable",
                Unit::Bytes,
                0.6e6,
                18e6,
                Goal::UnderPart(15.0),
            ),
            row(
                "requests a second",
                Unit::PerSecond,
                2600.0,
                2000.0,
                Goal::Times(1.4),
            ),
        ];
        assert_eq!(
            markdown(&rows),
            "| figure | Notifymatters | the same in Go | compared | must reach | |\n\
             |---|---:|---:|---:|---|---|\n\
             | executable | 0.60 MB | 18.0 MB | 1/30.0 | under 1/15 | reached |\n\
             | requests a second | 2,600 | 2,000 | 1.3 times | at least 1.4 times | **missed** |\n"
        );
    }
}
