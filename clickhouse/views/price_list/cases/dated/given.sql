-- A price that changed, one yet to come, one of another model, and one of a catalogue no longer in force.
INSERT INTO ${database}.price_points (price_version, provider, model, region, service_tier, component, context_from, valid_from, price_usd, layer, source, checked_on, confidence)
SELECT catalogue, provider, model, '', 'standard', component, 0, toDateTime(valid_from, 'UTC'), toDecimal64(price, 15), 'overlay', 'https://example.com/prices', toDate('2026-05-01'), 'explicit'
FROM (SELECT max(price_version) AS catalogue FROM ${database}.price_catalogues) AS newest
CROSS JOIN VALUES('provider String, model String, component String, valid_from String, price String',
    ('openai', 'o3', 'input', '2025-01-01 00:00:00', '0.00001'),
    ('openai', 'o3', 'input', '2025-06-10 00:00:00', '0.000002'),
    ('openai', 'o3', 'input', '2030-01-01 00:00:00', '0.000001'),
    ('openai', 'gpt-5.4', 'input', '2025-01-01 00:00:00', '0.0000025')) AS prices;

INSERT INTO ${database}.price_points (price_version, provider, model, region, service_tier, component, context_from, valid_from, price_usd, layer, source, checked_on, confidence) VALUES
    (1, 'openai', 'o3', '', 'standard', 'output', 0, '2025-01-01 00:00:00', 0.00004, 'overlay', 'https://example.com/prices', '2026-05-01', 'explicit');
