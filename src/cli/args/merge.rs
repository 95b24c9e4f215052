//! What was typed wins over the study file.

use super::{
    ColumnArgs, CommonArgs, IndexArgs, IndustryArgs, InferenceArgs, InputArgs, LinkArgs, MatrixArgs, ReachArgs,
    RunArgs, ValueArgs, WeightsArgs,
};

impl RunArgs {
    /// These arguments, and for all that was not typed those of `other`.
    pub fn or(self, other: Self) -> Self {
        Self {
            input: self.input.or(other.input),
            values: self.values.or(other.values),
            industry: self.industry.or(other.industry),
            links: self.links.or(other.links),
            reach: self.reach.or(other.reach),
            index: IndexArgs {
                indicators: self.index.indicators.or(other.index.indicators),
                weighting: self.index.weighting.or(other.index.weighting),
                normalisation: self.index.normalisation.or(other.index.normalisation),
                pooling: self.index.pooling.or(other.index.pooling),
            },
            weights: WeightsArgs {
                weights: self.weights.weights.or(other.weights.weights),
                transform: self.weights.transform.or(other.weights.transform),
                islands: self.weights.islands.or(other.weights.islands),
                snap: self.weights.snap.or(other.weights.snap),
                max_dense: self.weights.max_dense.or(other.weights.max_dense),
            },
            inference: InferenceArgs {
                permutations: self.inference.permutations.or(other.inference.permutations),
                seed: self.inference.seed.or(other.inference.seed),
                alternative: self.inference.alternative.or(other.inference.alternative),
                alpha: self.inference.alpha.or(other.inference.alpha),
                adjust: self.inference.adjust.or(other.inference.adjust),
            },
            columns: ColumnArgs {
                names: self.columns.names.or(other.columns.names),
                prefix: self.columns.prefix.or(other.columns.prefix),
                replace: self.columns.replace || other.columns.replace,
            },
            matrices: MatrixArgs {
                triangle: self.matrices.triangle.or(other.matrices.triangle),
                order: self.matrices.order.or(other.matrices.order),
                matrix_labels: self.matrices.matrix_labels.or(other.matrices.matrix_labels),
            },
            common: CommonArgs {
                json: self.common.json || other.common.json,
                format: self.common.format.or(other.common.format),
                show: self.common.show.or(other.common.show),
                language: self.common.language.or(other.common.language),
                quiet: self.common.quiet || other.common.quiet,
                strict: self.common.strict || other.common.strict,
                threads: self.common.threads.or(other.common.threads),
            },
        }
    }
}

impl InputArgs {
    fn or(self, other: Self) -> Self {
        Self {
            id: self.id.or(other.id),
            name: self.name.or(other.name),
            table: given(self.table, other.table),
            table_key: self.table_key.or(other.table_key),
            filter: self.filter.or(other.filter),
            planar: self.planar || other.planar,
            points: self.points.or(other.points),
        }
    }
}

impl ValueArgs {
    fn or(self, other: Self) -> Self {
        let years_typed = self.year.is_some() || !self.years.is_empty();
        let values_typed = !self.value.is_empty();
        Self {
            label: if values_typed { self.label } else { given(self.label, other.label) },
            value: given(self.value, other.value),
            with: self.with.or(other.with),
            events: self.events.or(other.events),
            at_risk: self.at_risk.or(other.at_risk),
            population: self.population.or(other.population),
            group: given(self.group, other.group),
            mass: self.mass.or(other.mass),
            year: if years_typed { self.year } else { other.year },
            years: if years_typed { self.years } else { other.years },
            missing: self.missing.or(other.missing),
            zeros: self.zeros.or(other.zeros),
            ddof: self.ddof.or(other.ddof),
            bootstrap: self.bootstrap.or(other.bootstrap),
            binarise: self.binarise.or(other.binarise),
            lags: self.lags.or(other.lags),
            only: given(self.only, other.only),
            skip: given(self.skip, other.skip),
        }
    }
}

impl IndustryArgs {
    fn or(self, other: Self) -> Self {
        Self {
            industry: self.industry.or(other.industry),
            sectors: self.sectors.or(other.sectors),
            industry_value: self.industry_value.or(other.industry_value),
            sector_groups: self.sector_groups.or(other.sector_groups),
            reference: self.reference.or(other.reference),
            employment: self.employment.or(other.employment),
            plants: self.plants.or(other.plants),
            blank: self.blank.or(other.blank),
            remark: self.remark.or(other.remark),
        }
    }
}

impl LinkArgs {
    fn or(self, other: Self) -> Self {
        Self {
            links: self.links.or(other.links),
            link_columns: given(self.link_columns, other.link_columns),
            links_where: given(self.links_where, other.links_where),
            undirected: self.undirected || other.undirected,
            link_meaning: self.link_meaning.or(other.link_meaning),
        }
    }
}

impl ReachArgs {
    fn or(self, other: Self) -> Self {
        Self {
            cores: given(self.cores, other.cores),
            link_model: self.link_model.or(other.link_model),
            firms: self.firms.or(other.firms),
            costs: self.costs.or(other.costs),
            directed_share: self.directed_share.or(other.directed_share),
            covariates: given(self.covariates, other.covariates),
            beta: self.beta.or(other.beta),
            mass_exponents: given(self.mass_exponents, other.mass_exponents),
            field: self.field.or(other.field),
            coverage: self.coverage.or(other.coverage),
            catchment: self.catchment.or(other.catchment),
            resolution: self.resolution.or(other.resolution),
            bands: given(self.bands, other.bands),
            radiation_exponent: self.radiation_exponent.or(other.radiation_exponent),
            opportunity_rate: self.opportunity_rate.or(other.opportunity_rate),
        }
    }
}

fn given<T>(typed: Vec<T>, otherwise: Vec<T>) -> Vec<T> {
    if typed.is_empty() { otherwise } else { typed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_wins_over_the_study_file() {
        let typed = RunArgs { values: ValueArgs { years: vec![2010], ..Default::default() }, ..Default::default() };
        let file = RunArgs {
            values: ValueArgs { value: vec!["gdp".into()], year: Some(2020), ..Default::default() },
            ..Default::default()
        };
        let both = typed.or(file);
        assert_eq!((both.values.value, both.values.year, both.values.years), (vec!["gdp".into()], None, vec![2010]));
    }
}
