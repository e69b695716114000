-- Which priced models are spelled most like a name: what to look at where a model has no price.
-- Grain: one row per provider and model, the ten that are spelled most alike; distance counts the letters to change, in the nearest of the model's spellings.
-- Excludes: catalogues that a newer one replaced. An empty provider asks for all.
CREATE VIEW IF NOT EXISTS ${database}.similar_models ${on_cluster}
AS
SELECT
    names.provider AS provider,
    names.model AS model,
    min(editDistanceUTF8(left(names.name, 200), left(lower({model:String}), 200))) AS distance
FROM ${database}.model_names AS names
WHERE names.price_version = (SELECT max(catalogues.price_version) FROM ${database}.price_catalogues AS catalogues)
    AND ({provider:String} = '' OR names.provider = {provider:String})
GROUP BY names.provider, names.model
ORDER BY distance, provider, model
LIMIT 10
