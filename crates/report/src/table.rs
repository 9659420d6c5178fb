//! A table in fixed-width text that leaves out columns where the width does not allow them.

use super::style::Style;

/// Rows of cells under titled columns.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<Column>,
}

/// One column.
#[derive(Debug)]
pub(super) struct Column {
    /// A line above the title; equal ones beside each other are written once.
    pub(super) group: &'static str,
    pub(super) title: String,
    pub(super) align: Align,
    /// Left out before columns with a lower number; 0 for never.
    pub(super) expendable: u8,
    /// The space between the column and the next, in characters.
    pub(super) gap: usize,
    pub(super) cells: Vec<String>,
}

/// Where a cell stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

impl Column {
    fn width(&self) -> usize {
        let cells = self.cells.iter().map(|cell| cell.chars().count());
        cells.chain([self.title.chars().count()]).max().unwrap_or(0)
    }

    fn pad(&self, text: &str) -> String {
        let width = self.width();
        match self.align {
            Align::Left => format!("{text:<width$}"),
            Align::Right => format!("{text:>width$}"),
        }
    }
}

impl Table {
    pub(super) fn push(&mut self, column: Column) {
        self.columns.push(column);
    }

    /// Leaves out columns until the table fits into `width` characters, or only those are left that
    /// are not expendable.
    pub(super) fn fit(&mut self, width: usize) {
        while self.width() > width {
            let candidate = self
                .columns
                .iter()
                .enumerate()
                .filter(|(_, column)| column.expendable > 0)
                .max_by_key(|(_, column)| column.expendable)
                .map(|(index, _)| index);
            match candidate {
                Some(index) => self.columns.remove(index),
                None => return,
            };
        }
    }

    fn width(&self) -> usize {
        width_of(&self.columns)
    }

    /// The lines of the table, each with a line feed.
    pub(super) fn render(&self, style: Style) -> String {
        let titles = [self.groups(), self.line(|column| &column.title)];
        let mut text = String::new();
        for line in titles.iter().filter(|line| !line.trim().is_empty()) {
            text.push_str(&format!("{}\n", style.faint(line.trim_end())));
        }
        let rows = self.columns.first().map_or(0, |column| column.cells.len());
        for row in 0..rows {
            text.push_str(self.line(|column| &column.cells[row]).trim_end());
            text.push('\n');
        }
        text
    }

    fn line<'a>(&'a self, cell: impl Fn(&'a Column) -> &'a str) -> String {
        let cells = self.columns.iter().map(|column| {
            let gap = " ".repeat(column.gap);
            format!("{}{gap}", column.pad(cell(column)))
        });
        cells.collect()
    }

    fn groups(&self) -> String {
        let mut line = String::new();
        for columns in self.columns.chunk_by(|a, b| a.group == b.group) {
            let (name, rule) = match columns[0].group {
                "" => (String::new(), ' '),
                group => (format!(" {group} "), '─'),
            };
            let space = width_of(columns).saturating_sub(name.chars().count());
            line.extend(std::iter::repeat_n(rule, space / 2));
            line.push_str(&name);
            line.extend(std::iter::repeat_n(rule, space - space / 2));
            line.push_str(&" ".repeat(columns[columns.len() - 1].gap));
        }
        line
    }
}

/// The width of columns beside each other, without the gap after the last.
fn width_of(columns: &[Column]) -> usize {
    let last_gap = columns.last().map_or(0, |column| column.gap);
    columns.iter().map(|column| column.width() + column.gap).sum::<usize>() - last_gap
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(group: &'static str, title: &str, expendable: u8, cell: &str) -> Column {
        let (title, cells) = (title.to_owned(), vec![cell.to_owned()]);
        Column { group, title, align: Align::Right, expendable, gap: 2, cells }
    }

    #[test]
    fn what_is_expendable_goes_first_and_the_rest_stays() {
        let mut table = Table::default();
        table.push(column("", "name", 0, "x"));
        table.push(column("", "language", 2, "rust"));
        table.push(column("both", "MUST", 0, "10/12"));
        table.push(column("both", "MAY", 1, "1/1"));
        let style = Style::default();
        table.fit(26);
        let whole =
            "                ── both ──\nname  language   MUST  MAY\n   x      rust  10/12  1/1\n";
        assert_eq!(table.render(style), whole);
        table.fit(25);
        assert_eq!(table.render(style), "      ── both ──\nname   MUST  MAY\n   x  10/12  1/1\n");
        table.fit(1);
        assert_eq!(table.render(style), "       both\nname   MUST\n   x  10/12\n");
    }
}
