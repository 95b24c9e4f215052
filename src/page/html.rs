//! Writing HTML: every text and every value of an attribute is escaped on its way, and nothing else gets in.

use crate::picture::svg::escaped;

/// Attributes of an element.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

/// A document while it is written.
#[derive(Clone, Debug, Default)]
pub struct Html {
    text: String,
}

impl Html {
    /// What was written.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.text += &escaped(text);
        self
    }

    /// Markup that is ours: a drawing, the style, the script. Never what comes from data as it is.
    pub fn raw(&mut self, markup: &str) -> &mut Self {
        self.text += markup;
        self
    }

    /// The opening tag of an element.
    pub fn open(&mut self, tag: &str, attributes: Attributes) -> &mut Self {
        self.text.push('<');
        self.text += tag;
        for (name, value) in attributes {
            self.text.push(' ');
            self.text += name;
            if !value.is_empty() {
                self.text += "=\"";
                self.text += &escaped(value);
                self.text.push('"');
            }
        }
        self.text.push('>');
        self
    }

    /// The closing tag.
    pub fn close(&mut self, tag: &str) -> &mut Self {
        self.text += "</";
        self.text += tag;
        self.text.push('>');
        self
    }

    /// An element around what `content` writes.
    pub fn within(&mut self, tag: &str, attributes: Attributes, content: impl FnOnce(&mut Self)) -> &mut Self {
        self.open(tag, attributes);
        content(self);
        self.close(tag)
    }

    /// An element with a text in it.
    pub fn element(&mut self, tag: &str, attributes: Attributes, text: &str) -> &mut Self {
        self.open(tag, attributes).text(text).close(tag)
    }

    /// A link to a place on the page.
    pub fn link(&mut self, id: &str, text: &str) -> &mut Self {
        self.element("a", &[("href", &format!("#{id}"))], text)
    }

    /// Something that is folded away under a summary until a reader opens it.
    pub fn folded(&mut self, attributes: Attributes, summary: &str, content: impl FnOnce(&mut Self)) -> &mut Self {
        self.open("details", attributes).element("summary", &[], summary);
        content(self);
        self.close("details")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_stay_text_in_content_and_attributes() {
        let mut html = Html::default();
        html.element("p", &[("title", "\" onload=\"x")], "</p><script>alert('1')</script>\u{202e}");
        let text = html.into_text();
        assert_eq!(text.matches('<').count(), 2, "{text}");
        assert_eq!(text.matches('"').count(), 2, "{text}");
        assert!(!text.contains('\u{202e}') && !text.contains('\''));
    }
}
