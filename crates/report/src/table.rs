//! A table in fixed-width text. Where the width does not allow all of it, columns are left out or
//! the first cell of each row gets a line of its own.

use crate::layout::display_width;
use crate::style::Style;

/// Rows of cells under titled columns.
#[derive(Debug, Default)]
pub(crate) struct Table {
    columns: Vec<Column>,
    /// The first cell of a row stands on a line of its own, and the others are indented below it.
    is_stacked: bool,
}

/// One column.
#[derive(Debug)]
pub(crate) struct Column {
    /// A line above the title; equal ones beside each other are written once.
    pub(crate) group: &'static str,
    pub(crate) title: String,
    pub(crate) align: Align,
    pub(crate) keep: Keep,
    /// The space between the column and the next.
    pub(crate) gap: usize,
    pub(crate) cells: Vec<String>,
}

/// Where a cell stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Whether a column may be left out. What is greatest is left out first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Keep {
    /// It never is.
    Always,
    /// It is where the table does not fit with stacked rows either.
    Stacked,
    /// It is where the table does not fit; a column with a higher number goes first.
    IfItFits(u8),
}

/// How far the cells of stacked rows are indented.
const INDENT: usize = 2;

impl Column {
    fn width(&self) -> usize {
        let cells = self.cells.iter().map(|cell| display_width(cell));
        cells.chain([display_width(&self.title)]).max().unwrap_or(0)
    }
}

impl Table {
    pub(crate) fn push(&mut self, column: Column) {
        self.columns.push(column);
    }

    /// Whether there is a column with this title, and it is not left out.
    pub(crate) fn has_column(&self, title: &str) -> bool {
        self.columns.iter().any(|column| column.title == title)
    }

    /// Makes the table fit `width`: leaves out columns that may be, then stacks the rows, then
    /// leaves out the columns that are kept until then.
    pub(crate) fn fit(&mut self, width: usize) {
        while self.width() > width {
            let candidate = self.columns.iter().enumerate().max_by_key(|(_, column)| column.keep);
            match candidate.map(|(index, column)| (index, column.keep)) {
                Some((index, Keep::IfItFits(_))) => self.columns.remove(index),
                _ if !self.is_stacked => {
                    self.is_stacked = true;
                    continue;
                }
                Some((index, Keep::Stacked)) => self.columns.remove(index),
                _ => return,
            };
        }
    }

    /// The width without the first cells of stacked rows, which do not get any narrower.
    fn width(&self) -> usize {
        let widths = self.widths();
        match self.is_stacked {
            true => INDENT + total(&self.columns[1..], &widths[1..]),
            false => total(&self.columns, &widths),
        }
    }

    /// The width of each column, wide enough for the name of its group.
    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<_> = self.columns.iter().map(Column::width).collect();
        let mut start = 0;
        for columns in self.columns.chunk_by(|a, b| a.group == b.group) {
            let own = total(columns, &widths[start..start + columns.len()]);
            widths[start] += display_width(columns[0].group).saturating_sub(own);
            start += columns.len();
        }
        widths
    }

    /// The lines of the table, each with a line feed.
    pub(crate) fn render(&self, style: Style) -> String {
        let widths = self.widths();
        let (first, others) = self.columns.split_at(usize::from(self.is_stacked));
        let widths = &widths[first.len()..];
        let indent = " ".repeat(INDENT * first.len());
        let line = |cell: &dyn Fn(&Column) -> String| {
            let cells = others.iter().zip(widths).map(|(column, &width)| {
                let text = cell(column);
                let padding = " ".repeat(width - display_width(&text));
                let gap = " ".repeat(column.gap);
                match column.align {
                    Align::Left => format!("{text}{padding}{gap}"),
                    Align::Right => format!("{padding}{text}{gap}"),
                }
            });
            format!("{indent}{}", cells.collect::<String>()).trim_end().to_owned()
        };

        let mut lines = Vec::new();
        lines.push(format!("{indent}{}", groups(others, widths)).trim_end().to_owned());
        lines.extend(first.iter().map(|column| column.title.clone()));
        lines.push(line(&|column| column.title.clone()));
        let titles = lines.into_iter().filter(|line| !line.is_empty());
        let mut text: String = titles.map(|line| format!("{}\n", style.faint(line))).collect();
        for row in 0..self.columns.first().map_or(0, |column| column.cells.len()) {
            for column in first {
                text.push_str(&format!("{}\n", column.cells[row]));
            }
            text.push_str(&format!("{}\n", line(&|column| column.cells[row].clone())));
        }
        text
    }
}

/// The line with the names of the groups.
fn groups(columns: &[Column], widths: &[usize]) -> String {
    let mut line = String::new();
    let mut start = 0;
    for columns in columns.chunk_by(|a, b| a.group == b.group) {
        let width = total(columns, &widths[start..start + columns.len()]);
        start += columns.len();
        let name = columns[0].group;
        match width.checked_sub(display_width(name) + 2) {
            Some(space) if !name.is_empty() => {
                let (left, right) = ("─".repeat(space / 2), "─".repeat(space - space / 2));
                line.push_str(&format!("{left} {name} {right}"));
            }
            _ => line.push_str(&format!("{name:>width$}")),
        }
        line.push_str(&" ".repeat(columns[columns.len() - 1].gap));
    }
    line
}

/// The width of columns beside each other, without the gap after the last.
fn total(columns: &[Column], widths: &[usize]) -> usize {
    let last_gap = columns.last().map_or(0, |column| column.gap);
    let gaps = columns.iter().map(|column| column.gap);
    widths.iter().copied().chain(gaps).sum::<usize>() - last_gap
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(group: &'static str, title: &str, keep: Keep, cell: &str) -> Column {
        let (title, cells) = (title.to_owned(), vec![cell.to_owned()]);
        Column { group, title, align: Align::Right, keep, gap: 2, cells }
    }

    fn table(name: &str) -> Table {
        let mut table = Table::default();
        table.push(column("", "name", Keep::Always, name));
        table.push(column("", "language", Keep::IfItFits(2), "rust"));
        table.push(column("both", "MUST", Keep::Always, "10/12"));
        table.push(column("both", "MAY", Keep::IfItFits(1), "1/1"));
        table
    }

    #[test]
    fn what_is_expendable_goes_first_and_the_rest_stays() {
        let mut table = table("x");
        let style = Style::default();
        table.fit(26);
        let complete =
            "                ── both ──\nname  language   MUST  MAY\n   x      rust  10/12  1/1\n";
        assert_eq!(table.render(style), complete);
        table.fit(25);
        assert_eq!(table.render(style), "      ── both ──\nname   MUST  MAY\n   x  10/12  1/1\n");
        table.fit(11);
        assert_eq!(table.render(style), "       both\nname   MUST\n   x  10/12\n");
    }

    #[test]
    fn rows_are_stacked_where_nothing_else_helps() {
        let mut table = table("a-long-name");
        table.push(column("", "SHOULD", Keep::Stacked, "1/1"));
        let style = Style::default();
        table.fit(17);
        assert_eq!(
            table.render(style),
            "   both\nname\n   MUST  SHOULD\na-long-name\n  10/12     1/1\n"
        );
        table.fit(1);
        assert_eq!(table.render(style), "   both\nname\n   MUST\na-long-name\n  10/12\n");
    }

    #[test]
    fn wide_characters_keep_columns_in_line() {
        let mut table = Table::default();
        let mut names = column("", "name", Keep::Always, "クッキー");
        names.align = Align::Left;
        names.cells.extend(["🍪".to_owned(), "é".to_owned()]);
        table.push(names);
        table.push(Column {
            cells: ["1", "2", "3"].map(str::to_owned).to_vec(),
            ..column("", "n", Keep::Always, "")
        });
        assert_eq!(
            table.render(Style::default()),
            "name      n\nクッキー  1\n🍪        2\né         3\n"
        );
    }
}
