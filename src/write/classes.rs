//! The classes that columns have, each with the colour that maps and pictures give it and what it means.
//!
//! The colours are safe for the colour-blind, and the same in every map: red is high, blue is low.

use crate::Language;

/// A class as legends have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    /// The word that stands in the column.
    pub(crate) name: &'static str,
    /// Its colour as `#rrggbb`.
    pub(crate) colour: &'static str,
    english: &'static str,
    chinese: &'static str,
}

impl Class {
    /// What it means; nothing where the word says it all.
    pub(crate) fn meaning(&self, language: Language) -> &'static str {
        language.choose(self.english, self.chinese)
    }

    /// The class and what it means: `HH: high among high`.
    pub(crate) fn label(&self, language: Language) -> String {
        match self.meaning(language) {
            "" => self.name.to_owned(),
            meaning => format!("{}{}{meaning}", self.name, language.choose(": ", "：")),
        }
    }
}

const fn class(name: &'static str, colour: &'static str, english: &'static str, chinese: &'static str) -> Class {
    Class { name, colour, english, chinese }
}

/// Not told apart from chance.
pub(crate) const NOT_SIGNIFICANT: Class = class("ns", "#e6e6e6", "not significant", "不显著");
/// Without a value.
pub(crate) const UNDEFINED: Class = class("undefined", "#464646", "no value", "无值");
/// Without a neighbour.
pub(crate) const ISOLATE: Class = class("isolate", "#999999", "no neighbour", "无邻居");

/// Classes of a Moran scatter.
pub(crate) const MORAN: [Class; 7] = [
    class("HH", "#ca0020", "high among high", "高值集聚"),
    class("LL", "#0571b0", "low among low", "低值集聚"),
    class("LH", "#92c5de", "low among high", "低值被高值包围"),
    class("HL", "#f4a582", "high among low", "高值被低值包围"),
    NOT_SIGNIFICANT,
    UNDEFINED,
    ISOLATE,
];
/// Classes of Getis and Ord's G.
pub(crate) const G: [Class; 5] = [
    class("hot", "#ca0020", "high values gather", "高值聚集（热点）"),
    class("cold", "#0571b0", "low values gather", "低值聚集（冷点）"),
    NOT_SIGNIFICANT,
    UNDEFINED,
    ISOLATE,
];
/// Classes of Geary's c.
pub(crate) const GEARY: [Class; 7] = [
    class("positive_high", "#ca0020", "alike and high", "相似且高"),
    class("positive_low", "#0571b0", "alike and low", "相似且低"),
    class("positive_other", "#f4a582", "alike", "相似"),
    class("negative", "#92c5de", "unlike", "相异"),
    NOT_SIGNIFICANT,
    UNDEFINED,
    ISOLATE,
];
/// Classes of Geary's c of several values.
pub(crate) const GEARY_OF_SEVERAL: [Class; 5] = [
    class("positive", "#ca0020", "alike", "相似"),
    class("negative", "#92c5de", "unlike", "相异"),
    NOT_SIGNIFICANT,
    UNDEFINED,
    ISOLATE,
];
/// Classes of local join counts.
pub(crate) const JOINS: [Class; 4] =
    [class("cluster", "#ca0020", "ones gather", "取值为1者聚集"), NOT_SIGNIFICANT, UNDEFINED, ISOLATE];
/// Classes of local heteroscedasticity.
pub(crate) const SPREAD: [Class; 5] = [
    class("high", "#ca0020", "neighbours differ much", "邻居差异大"),
    class("low", "#0571b0", "neighbours differ little", "邻居差异小"),
    NOT_SIGNIFICANT,
    UNDEFINED,
    ISOLATE,
];
/// Moves between the quadrants of the Moran scatter.
pub(crate) const MOVES: [Class; 7] = [
    class("none", "#e6e6e6", "neither changes side", "均未变动"),
    class("own", "#fdae61", "only the city changes side", "仅本市变动"),
    class("neighbours", "#abd9e9", "only its neighbours do", "仅邻居变动"),
    class("both_alike", "#ca0020", "both do, to the same side", "同向变动"),
    class("both_opposite", "#7b3294", "both do, to opposite sides", "反向变动"),
    UNDEFINED,
    ISOLATE,
];
/// Quadrants of shift-share.
pub(crate) const QUADRANTS: [Class; 5] = [
    class("IM+ RS+", "#0571b0", "favourable mix, gains beyond it", "结构有利，竞争力增"),
    class("IM- RS+", "#92c5de", "unfavourable mix, gains all the same", "结构不利，竞争力增"),
    class("IM+ RS-", "#f4a582", "favourable mix, loses beyond it", "结构有利，竞争力减"),
    class("IM- RS-", "#ca0020", "unfavourable mix, loses beyond it", "结构不利，竞争力减"),
    UNDEFINED,
];
/// Tiers of a network.
pub(crate) const TIERS: [Class; 4] = [
    class("core", "#b2182b", "densely linked with each other", "核心：彼此联系紧密"),
    class("semi-periphery", "#fdae61", "between", "半边缘：居中"),
    class("periphery", "#abd9e9", "linked with cores, if at all", "边缘：仅与核心有联系"),
    UNDEFINED,
];
/// Whether a second core draws a city nearly as much as its first.
pub(crate) const CONTESTED: [Class; 4] = [
    class("core", "#b2182b", "a core itself", "本身为核心"),
    class("contested", "#fdae61", "a second core draws it nearly as much", "另一核心吸引力相近"),
    class("clear", "#abd9e9", "one core draws it most", "单一核心主导"),
    UNDEFINED,
];
/// Whether a core reaches a city.
pub(crate) const INSIDE_REACH: [Class; 4] = [
    class("core", "#b2182b", "a core itself", "本身为核心"),
    class("yes", "#fdae61", "within the reach of a core", "在核心辐射范围内"),
    class("no", "#abd9e9", "beyond the reach of all cores", "在各核心辐射范围外"),
    UNDEFINED,
];
/// Steps of the degree of coordination, from red to blue.
pub(crate) const GRADES: [Class; 11] = [
    class("extreme imbalance", "#a50026", "", "极度失调"),
    class("severe imbalance", "#d73027", "", "严重失调"),
    class("moderate imbalance", "#f46d43", "", "中度失调"),
    class("mild imbalance", "#fdae61", "", "轻度失调"),
    class("near imbalance", "#fee090", "", "濒临失调"),
    class("bare coordination", "#e0f3f8", "", "勉强协调"),
    class("primary coordination", "#abd9e9", "", "初级协调"),
    class("intermediate coordination", "#74add1", "", "中级协调"),
    class("good coordination", "#4575b4", "", "良好协调"),
    class("quality coordination", "#313695", "", "优质协调"),
    UNDEFINED,
];

/// Colours of classes that none of these lists has, and of communities: those of Okabe and Ito, which the colour-blind
/// tell apart.
const OTHERS: [&str; 6] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];
/// Colours of hinterlands, sectors and whatever else comes in many kinds: the same, and lighter ones after them.
const KINDS: [&str; 12] = [
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#8c8c8c", "#8fb8dd", "#f3cf80",
    "#8fcfb8", "#e6bcd3",
];

/// The colour of the class or community at this place of a list that has no colours of its own; they repeat.
pub(crate) fn colour_at(place: usize) -> &'static str {
    OTHERS[place % OTHERS.len()]
}

/// The colour of the kind at this place, as of the hinterland of a core; they repeat.
pub(crate) fn colour_of_kind(place: usize) -> &'static str {
    KINDS[place % KINDS.len()]
}

/// The classes that a column can have, judged by those that it has.
pub(crate) fn legend(values: &[&'static str]) -> Vec<Class> {
    let within = |set: &[Class]| values.iter().all(|value| set.iter().any(|class| class.name == *value));
    if let Some(set) =
        [&MORAN[..], &G[..], &GEARY[..], &QUADRANTS[..], &TIERS[..], &CONTESTED[..]].into_iter().find(|set| within(set))
    {
        return set.to_vec();
    }
    let mut found: Vec<Class> = Vec::new();
    for &value in values {
        let usual = [NOT_SIGNIFICANT, UNDEFINED, ISOLATE].into_iter().find(|class| class.name == value);
        if !found.iter().any(|class| class.name == value) {
            found.push(usual.unwrap_or(class(value, colour_at(found.len()), "", "")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::{imbalance, index};

    #[test]
    fn classes_of_other_measures_have_their_own_legend() {
        assert_eq!(legend(&["hot", "ns"]).len(), 5);
        assert_eq!(legend(&["negative", "positive_low"]).len(), 7);
        assert_eq!(legend(&["joined", "ns"]).len(), 2);
        assert_eq!(legend(&["IM- RS+", "undefined"]).len(), 5);
    }

    #[test]
    fn words_are_those_of_the_measures() {
        let names = |set: &[Class]| set.iter().map(|class| class.name).collect::<Vec<_>>();
        assert!(names(&GRADES).starts_with(&index::GRADES.map(|grade| grade.0)));
        assert!(GRADES.iter().zip(index::GRADES).all(|(class, grade)| class.meaning(Language::Chinese) == grade.1));
        assert!(names(&MOVES).starts_with(&imbalance::MOVES.map(|kind| kind.1)));
    }

    #[test]
    fn a_label_says_what_the_word_leaves_open() {
        assert_eq!(MORAN[0].label(Language::English), "HH: high among high");
        assert_eq!(MORAN[0].label(Language::Chinese), "HH：高值集聚");
        assert_eq!(GRADES[0].label(Language::English), "extreme imbalance");
    }
}
