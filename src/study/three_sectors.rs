//! Primary, secondary, tertiary: to which of the three sectors of the economy a sector belongs, by its name or code.

/// The three sectors of the economy (Fisher 1935, Clark 1940), as national accounts divide them: mining, utilities and
/// construction are secondary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ThreeSectors {
    /// Agriculture, forestry, fishing.
    Primary,
    /// Mining, manufacturing, utilities, construction.
    Secondary,
    /// Services.
    Tertiary,
}

use ThreeSectors::{Primary, Secondary, Tertiary};

impl ThreeSectors {
    /// All three in order.
    pub const ALL: [Self; 3] = [Primary, Secondary, Tertiary];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Primary => "primary",
            Secondary => "secondary",
            Tertiary => "tertiary",
        }
    }

    /// The sector that a name means: one of the three by name or number, in English or Chinese.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        let is = |names: &[&str]| names.iter().any(|other| name == *other);
        if is(&["primary", "1", "i", "primary sector", "第一产业", "一产"]) {
            return Some(Primary);
        }
        if is(&["secondary", "2", "ii", "secondary sector", "第二产业", "二产"]) {
            return Some(Secondary);
        }
        is(&["tertiary", "3", "iii", "tertiary sector", "第三产业", "三产"]).then_some(Tertiary)
    }

    /// Where sectors of these names belong, if that is known of every one: by the names of the three, by words of their
    /// names (English, Chinese), by section letters of ISIC Rev. 4, NACE Rev. 2 and GB/T 4754, or by codes of NAICS.
    ///
    /// ```
    /// use agglo::study::ThreeSectors::{self, *};
    /// assert_eq!(ThreeSectors::of_sectors(&["agriculture", "food", "finance"]), Some(vec![Primary, Secondary, Tertiary]));
    /// assert_eq!(ThreeSectors::of_sectors(&["A", "C", "K"]), Some(vec![Primary, Secondary, Tertiary]));
    /// assert_eq!(ThreeSectors::of_sectors(&["agriculture", "x1"]), None);
    /// ```
    pub fn of_sectors<T: AsRef<str>>(names: &[T]) -> Option<Vec<Self>> {
        let by = |rule: fn(&str) -> Option<Self>| -> Option<Vec<Self>> {
            names.iter().map(|name| rule(name.as_ref())).collect()
        };
        by(Self::from_name).or_else(|| by(of_section)).or_else(|| by(of_naics)).or_else(|| by(of_words))
    }

    /// Those of these names that [`of_sectors`](Self::of_sectors) does not know.
    pub fn unknown<T: AsRef<str>>(names: &[T]) -> Vec<&str> {
        let known = |name: &str| of_words(name).or_else(|| Self::from_name(name)).is_some();
        names.iter().map(AsRef::as_ref).filter(|name| !known(name)).collect()
    }
}

/// A section letter, alone or at the end of a code as `WZ08-C`, or before digits or a name (`C13`, `C 制造业`).
fn of_section(name: &str) -> Option<ThreeSectors> {
    let name = name.trim();
    let code = name.rsplit(['-', '_']).next().unwrap_or(name);
    // A code of several letters, as BDE, is that of a merged section: all of them are to agree. Small letters make words.
    let all: Vec<char> = code.chars().take_while(char::is_ascii_alphabetic).collect();
    if !all.iter().all(char::is_ascii_uppercase) {
        return None;
    }
    let of = |letter: char| match letter {
        'A' => Some(Primary),
        'B'..='F' => Some(Secondary),
        'G'..='U' => Some(Tertiary),
        _ => None,
    };
    let first = of(*all.first()?)?;
    all.iter().all(|&letter| of(letter) == Some(first)).then_some(first)
}

/// A code of NAICS: `11`, `31-33`, `522110`.
fn of_naics(name: &str) -> Option<ThreeSectors> {
    let name = name.trim();
    if name.len() < 2 || !name.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return None;
    }
    match name.get(..2)?.parse::<u8>().ok()? {
        11 => Some(Primary),
        21..=23 | 31..=33 => Some(Secondary),
        42..=99 => Some(Tertiary),
        _ => None,
    }
}

/// Beginnings of words that decide, the first list that has one; services come before the industry that they serve.
const WORDS: [(ThreeSectors, &[&str]); 4] = [
    (Primary, &["agri", "farm", "forest", "fish", "crop", "livestock"]),
    (
        Tertiary,
        &[
            "trade",
            "wholesale",
            "retail",
            "commerce",
            "transport",
            "warehous",
            "storage",
            "logistic",
            "post",
            "hotel",
            "accommodation",
            "lodging",
            "catering",
            "restaurant",
            "tourism",
            "information",
            "software",
            "telecom",
            "communication",
            "financ",
            "bank",
            "insurance",
            "real",
            "leasing",
            "rental",
            "business",
            "professional",
            "research",
            "scientific",
            "technical",
            "management",
            "admin",
            "public",
            "service",
            "education",
            "school",
            "health",
            "care",
            "hospital",
            "social",
            "culture",
            "sport",
            "art",
            "entertain",
            "recreation",
            "government",
            "defence",
            "defense",
            "international",
            "organi",
            "unclassified",
            "classified",
            "household",
            "media",
            "legal",
            "security",
            "tertiary",
        ],
    ),
    (
        Secondary,
        &[
            "mining",
            "quarr",
            "oil",
            "gas",
            "coal",
            "manufactur",
            "industr",
            "utilit",
            "electric",
            "water",
            "energy",
            "power",
            "construct",
            "building",
            "food",
            "beverage",
            "tobacco",
            "textile",
            "cloth",
            "apparel",
            "leather",
            "wood",
            "furniture",
            "paper",
            "print",
            "chem",
            "pharma",
            "plastic",
            "rubber",
            "mineral",
            "cement",
            "glass",
            "metal",
            "steel",
            "iron",
            "machin",
            "equipment",
            "auto",
            "vehicle",
            "car",
            "ship",
            "aero",
            "electron",
            "computer",
            "semicond",
            "instrument",
            "batter",
            "petro",
            "secondary",
        ],
    ),
    (Primary, &["primary"]),
];

/// The same in Chinese, which does not part its words.
const CHINESE: [(ThreeSectors, &[&str]); 4] = [
    (Primary, &["农", "林", "牧", "渔"]),
    (
        Tertiary,
        &[
            "批发",
            "零售",
            "贸易",
            "交通",
            "运输",
            "仓储",
            "邮政",
            "住宿",
            "餐饮",
            "信息",
            "软件",
            "金融",
            "房地产",
            "租赁",
            "商务",
            "科研",
            "科学",
            "技术服务",
            "水利",
            "环境",
            "公共",
            "居民",
            "服务",
            "教育",
            "卫生",
            "社会",
            "文化",
            "体育",
            "娱乐",
            "国际组织",
            "三产",
        ],
    ),
    (
        Secondary,
        &[
            "采矿", "采掘", "煤", "石油", "制造", "工业", "电力", "燃气", "热力", "供应", "建筑", "食品", "纺织",
            "化学", "医药", "金属", "钢铁", "机械", "汽车", "电子", "设备", "二产",
        ],
    ),
    (Primary, &["一产"]),
];

fn of_words(name: &str) -> Option<ThreeSectors> {
    let name = name.trim().to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let begins = |start: &&str| words.iter().any(|word| word.starts_with(start));
    let english = WORDS.iter().find(|(_, starts)| starts.iter().any(begins));
    let chinese = || CHINESE.iter().find(|(_, parts)| parts.iter().any(|part| name.contains(part)));
    english.or_else(chinese).map(|&(sector, _)| sector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_of_the_census_and_of_the_shipped_data() {
        let names = [
            "agriculture",
            "mining",
            "manufacturing",
            "utilities",
            "construction",
            "wholesale_retail",
            "transport_storage_post",
            "accommodation_food",
            "information_software",
            "finance",
            "real_estate",
            "leasing_business",
            "research_technical",
            "water_environment_public",
            "resident_services",
            "education",
            "health_social_work",
            "culture_sports_entertainment",
            "public_administration",
            "international_organisations",
        ];
        let got = ThreeSectors::of_sectors(&names).unwrap();
        assert_eq!(got[0], Primary);
        assert!(got[1..5].iter().all(|&sector| sector == Secondary) && got[5..].iter().all(|&s| s == Tertiary));
    }

    #[test]
    fn codes_of_several_classifications() {
        let german: Vec<String> = "BCDEFGHIJKLMNPQRS".chars().map(|c| format!("WZ08-{c}")).collect();
        let got = ThreeSectors::of_sectors(&german).unwrap();
        assert!(got[..5].iter().all(|&s| s == Secondary) && got[5..].iter().all(|&s| s == Tertiary));
        let naics = ["11", "21", "31-33", "44-45", "99"];
        assert_eq!(ThreeSectors::of_sectors(&naics).unwrap(), [Primary, Secondary, Secondary, Tertiary, Tertiary]);
        assert_eq!(ThreeSectors::of_sectors(&["A", "BDE", "C", "G"]).unwrap()[1], Secondary);
        assert_eq!(ThreeSectors::of_sectors(&["k00", "k01"]), None);
        assert_eq!(ThreeSectors::of_sectors(&["第一产业", "第二产业", "第三产业"]).unwrap(), ThreeSectors::ALL);
        assert_eq!(ThreeSectors::of_sectors(&["primary", "secondary", "tertiary"]).unwrap(), ThreeSectors::ALL);
    }

    #[test]
    fn chinese_names_and_american_ones() {
        let names = ["农、林、牧、渔业", "采矿业", "制造业", "电力、燃气及水的生产和供应业", "建筑业", "金融业"];
        let got = ThreeSectors::of_sectors(&names).unwrap();
        assert_eq!(got, [Primary, Secondary, Secondary, Secondary, Secondary, Tertiary]);
        let names =
            ["agriculture_forestry_fishing", "admin_support_waste", "management_of_companies", "not_classified"];
        assert_eq!(ThreeSectors::of_sectors(&names).unwrap(), [Primary, Tertiary, Tertiary, Tertiary]);
    }

    #[test]
    fn what_is_not_known_is_named() {
        assert_eq!(ThreeSectors::of_sectors(&["agri", "x1", "finance"]), None);
        assert_eq!(ThreeSectors::unknown(&["agri", "x1", "finance"]), ["x1"]);
    }
}
