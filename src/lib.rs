//! agglo measures **regional imbalance across city networks**: city borders and the links between cities go in,
//! spatial autocorrelation, inequality, core-periphery radiation, industrial isomorphism and structural change come out, as numbers with a stated definition and uncertainty, and as annotated GeoJSON.
//!
//! ```text
//! bytes ──read──▶ cities, values, links ──weights──▶ w_ij ──measures──▶ outcomes ──write──▶ files
//!                        (study)                               ▲
//!                                                          inference
//! ```
//!
//! Each stage is a module and knows the stages before it. A measure is a plain function of numbers, so that none of the
//! others is needed to use it:
//!
//! ```
//! use agglo::inference::Inference;
//! use agglo::measures::autocorrelation::{local_moran, moran};
//! use agglo::weights::{Transform, Weights};
//!
//! let weights = Weights::from_pairs("road", 5, &[(0, 1), (1, 2), (2, 3), (3, 4)]).transformed(Transform::Row);
//! let income = [9.0, 8.0, 5.0, 3.0, 1.0];
//! assert!(moran(&income, &weights, &Inference::default())?.i > 0.0);
//! assert_eq!(local_moran(&income, &weights, &Inference::default())?.quadrant[0], "HH");
//! # Ok::<(), agglo::Error>(())
//! ```
//!
//! # For those who come from PySAL, spdep or GeoDa
//!
//! | there | here |
//! |---|---|
//! | `libpysal.graph.Graph`, `spdep::listw`, a weights file of GeoDa | [`weights::Weights`] |
//! | `Graph.build_contiguity`, `poly2nb` | [`weights::contiguity::contiguity`] |
//! | `Graph.build_knn`, `knearneigh` | [`weights::distance::knn`] |
//! | `Graph.build_distance_band`, `dnearneigh` | [`weights::distance::band`], [`weights::distance::inverse_distance`] |
//! | `Graph.build_kernel` | [`weights::kernel::kernel`] |
//! | `Graph.build_triangulation`, `tri2nb`, `gabrielneigh`, `relativeneigh` | [`weights::proximity`] |
//! | `higher_order`, `nblag`; `union.nb`, `intersect.nb` | [`weights::set_ops`] |
//! | `Graph.transform("r")`, `nb2listw(style = "W")` | [`weights::Weights::transformed`] |
//! | `Graph.lag`, `lag.listw` | [`weights::Weights::lag`] |
//! | `esda.Moran`, `moran.test`, `moran.mc` | [`measures::autocorrelation::moran()`] |
//! | `esda.Geary`, `geary.test` | [`measures::autocorrelation::geary()`] |
//! | `esda.G`, `globalG.test` | [`measures::autocorrelation::getis_ord_g()`] |
//! | `esda.Join_Counts`, `joincount.test` | [`measures::autocorrelation::join_counts()`] |
//! | `esda.Moran_Local`, `localmoran_perm`, Local Moran of GeoDa | [`measures::autocorrelation::local_moran()`] |
//! | `esda.Geary_Local`, `localC_perm` | [`measures::autocorrelation::local_geary()`] |
//! | `esda.G_Local`, `localG_perm` | [`measures::autocorrelation::local_g()`], [`measures::autocorrelation::local_g_star()`] |
//! | `esda.Moran_BV`, `esda.Moran_Local_BV`, `moran_bv`, `localmoran_bv` | [`measures::autocorrelation::bivariate_moran()`], [`measures::autocorrelation::local_moran_bivariate()`] |
//! | `esda.Spatial_Pearson`, `lee.mc` | [`measures::autocorrelation::lee()`] |
//! | `esda.Moran_Rate`, `EBImoran.mc` | [`measures::autocorrelation::moran_rate()`] |
//! | `esda.LOSH`, `LOSH.cs` | [`measures::autocorrelation::losh()`] |
//! | PySAL `inequality.Gini`, `ineq::Gini` | [`measures::imbalance::gini()`] |
//! | PySAL `inequality.Theil`, `TheilD`, `ineq::Theil` | [`measures::imbalance::theil()`], [`measures::imbalance::theil_groups`] |
//! | `networkx.betweenness_centrality`, `closeness_centrality`, `pagerank` and the like | [`measures::radiation::centrality()`] |
//! | `leidenalg.find_partition`, R `backbone::disparity` | [`measures::radiation::communities()`], [`measures::radiation::backbone()`] |
//! | cpnet, UCINET core/periphery | [`measures::radiation::core_periphery()`], [`measures::radiation::borgatti_everett`], [`measures::radiation::minres`], [`measures::radiation::rossa`], [`measures::radiation::km_config`] |
//! | spint `Gravity`, `Production`, `Attraction`, `Doubly`; TDLM, scikit-mobility | [`measures::radiation::gravity_fit()`], [`measures::radiation::radiation_model`], [`measures::radiation::intervening_opportunities`] |
//! | REAT `huff`, `converse`, `reilly`, `hansen` | [`measures::radiation::huff`], [`measures::radiation::breakpoint`], [`measures::radiation::reilly`], [`measures::radiation::potential`] |
//! | spatialreg `lagsarlm`, `lmSLX`, `impacts`; spreg `ML_Lag` | [`measures::radiation::spillover()`] |
//! | SciPy `distance.cosine`, `jensenshannon`, vegan `vegdist` of structures | [`measures::isomorphism::similarity()`] |
//! | REAT `locq`, EconGeo `RCA`; `krugman.spec`; `hoover`; `gini.conc` | [`measures::isomorphism::location_quotient()`], [`measures::isomorphism::krugman_specialisation`], [`measures::isomorphism::concentration()`] |
//! | `ecomplexity.ecomplexity` | [`measures::isomorphism::complexity()`], [`measures::isomorphism::proximity`], [`measures::isomorphism::density`] |
//! | REAT `shift`, `shiftd`; Stata `lilien` | [`measures::structure::shift_share()`], [`measures::structure::shift_share_dynamic`], [`measures::structure::structure_change()`] |
//! | `esda.fdr`, `p.adjust(method = "BH")` | [`inference::benjamini_hochberg`] |
//!
//! Where definitions differ, the documentation of each function says which one is here and why; `docs/matching.md` says how to
//! get the other program's numbers.
#![forbid(unsafe_code)]

#[cfg(feature = "cli")]
pub mod cli;
pub mod error;
pub mod finding;
pub mod inference;
mod language;
pub mod measures;
pub mod note;
pub mod page;
pub mod picture;
pub mod read;
pub mod study;
pub mod weights;
pub mod write;

pub use error::{Error, Result};
pub use language::Language;

/// The program in the README compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
