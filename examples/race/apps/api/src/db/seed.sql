-- Two accounts to play with: `make seed`. Every row has a fixed key and is left alone when it is
-- there already, so this can be run as often as one likes.
--
-- Row level security holds for the owner of the tables too, and these rows belong to two accounts,
-- so they are written as race_admin.

SET ROLE race_admin;

-- For everybody ----------------------------------------------------------------------------------

INSERT INTO regions (code, name) VALUES
  ('eu', 'Europe'),
  ('us', 'North America')
ON CONFLICT DO NOTHING;

INSERT INTO billing.plans (code, name, price_per_month, included_events, overage_per_million, features) VALUES
  ('free',   'Free',       0,    100000, NULL,  '[]'),
  ('team',   'Team',    4900,  10000000, 12.50, '["alerts", "webhooks"]'),
  ('legacy', 'Founder', 1900,   2000000, 20.00, '["alerts"]')
ON CONFLICT DO NOTHING;

-- Accounts and people: alder is a web shop, birch a newspaper; Noor works for both ----------------

INSERT INTO accounts (id, slug, name, region, preferences) VALUES
  ('a0000000-0000-4000-8000-000000000000', 'alder', 'Alder Outdoor',  'eu', '{"weeklyReport": true, "timezone": "Europe/Berlin"}'),
  ('b0000000-0000-4000-8000-000000000000', 'birch', 'The Birch Times', 'us', '{"weeklyReport": false, "timezone": "America/Chicago"}')
ON CONFLICT DO NOTHING;

INSERT INTO users (id, email, name, invited_by_id) VALUES
  ('a0000000-0000-4000-8000-000000000001', 'ada@alder.example',  'Ada',  NULL),
  ('b0000000-0000-4000-8000-000000000001', 'bela@birch.example', 'Béla', NULL),
  ('c0000000-0000-4000-8000-000000000001', 'noor@noor.example',  'Noor', 'a0000000-0000-4000-8000-000000000001')
ON CONFLICT DO NOTHING;

INSERT INTO memberships (account_id, user_id, role) VALUES
  ('a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000001', 'owner'),
  ('a0000000-0000-4000-8000-000000000000', 'c0000000-0000-4000-8000-000000000001', 'developer'),
  ('b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000001', 'owner'),
  ('b0000000-0000-4000-8000-000000000000', 'c0000000-0000-4000-8000-000000000001', 'viewer')
ON CONFLICT DO NOTHING;

INSERT INTO invitations (id, account_id, email, role, invited_by_id) VALUES
  ('a0000000-0000-4000-8000-000000000010', 'a0000000-0000-4000-8000-000000000000', 'ole@alder.example', 'admin',  'a0000000-0000-4000-8000-000000000001'),
  ('b0000000-0000-4000-8000-000000000010', 'b0000000-0000-4000-8000-000000000000', 'pia@birch.example', 'viewer', 'b0000000-0000-4000-8000-000000000001')
ON CONFLICT DO NOTHING;

INSERT INTO teams (id, account_id, parent_id, name) VALUES
  ('a0000000-0000-4000-8000-000000000020', 'a0000000-0000-4000-8000-000000000000', NULL, 'Engineering'),
  ('a0000000-0000-4000-8000-000000000021', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000020', 'Web shop'),
  ('b0000000-0000-4000-8000-000000000020', 'b0000000-0000-4000-8000-000000000000', NULL, 'Online')
ON CONFLICT DO NOTHING;

INSERT INTO team_members (account_id, team_id, user_id) VALUES
  ('a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000021', 'c0000000-0000-4000-8000-000000000001'),
  ('b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000020', 'b0000000-0000-4000-8000-000000000001')
ON CONFLICT DO NOTHING;

-- What is measured -------------------------------------------------------------------------------

INSERT INTO projects (id, account_id, team_id, slug, name, domains) VALUES
  ('a0000000-0000-4000-8000-000000000030', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000021', 'shop', 'Shop',     '{alder.example,www.alder.example}'),
  ('a0000000-0000-4000-8000-000000000031', 'a0000000-0000-4000-8000-000000000000', NULL,                                   'blog', 'Blog',     '{blog.alder.example}'),
  ('b0000000-0000-4000-8000-000000000030', 'b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000020', 'news', 'The site', '{birch.example}')
ON CONFLICT DO NOTHING;

INSERT INTO environments (id, account_id, project_id, kind, name, base_url) VALUES
  ('a0000000-0000-4000-8000-000000000040', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000030', 'production', 'live',  'https://alder.example'),
  ('a0000000-0000-4000-8000-000000000041', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000030', 'preview',    'local', 'http://localhost:8080'),
  ('b0000000-0000-4000-8000-000000000040', 'b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000030', 'production', 'live',  'https://birch.example')
ON CONFLICT DO NOTHING;

INSERT INTO api_keys (id, account_id, environment_id, label, prefix, hash, scopes, created_by_id) VALUES
  ('a0000000-0000-4000-8000-000000000050', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000040', 'Shop front', 'race_alder', sha256('not a secret: alder'), '{ingest}',      'a0000000-0000-4000-8000-000000000001'),
  ('b0000000-0000-4000-8000-000000000050', 'b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000040', 'Web pages',  'race_birch', sha256('not a secret: birch'), '{ingest,read}', 'b0000000-0000-4000-8000-000000000001')
ON CONFLICT DO NOTHING;

INSERT INTO events (account_id, environment_id, kind, client_key, path, duration_ms, status_code, payload, occurred_at) VALUES
  ('a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000040', 'page_load', 'a0000000-0000-4000-8000-000000000060', '/',         840, 200, '{"device": "phone"}',  '2026-03-02 08:00:00+00'),
  ('a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000040', 'request',   'a0000000-0000-4000-8000-000000000061', '/basket',  3120, 502, '{"device": "laptop"}', '2026-03-02 08:00:05+00'),
  ('b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000040', 'page_load', 'b0000000-0000-4000-8000-000000000060', '/politics', 410, 200, '{}',                   '2026-03-02 09:30:00+00')
ON CONFLICT DO NOTHING;

INSERT INTO daily_rollups (account_id, environment_id, day, kind, events, errors, p75, p95) VALUES
  ('a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000040', '2026-03-01', 'page_load', 18230, 12, 910, 2400),
  ('b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000040', '2026-03-01', 'page_load', 90412,  3, 455, 1100)
ON CONFLICT DO NOTHING;

-- What went wrong --------------------------------------------------------------------------------

INSERT INTO alert_rules (id, account_id, environment_id, name, metric, threshold) VALUES
  ('a0000000-0000-4000-8000-000000000070', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000040', 'Slow pages', 'p95',        2500),
  ('b0000000-0000-4000-8000-000000000070', 'b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000040', 'Errors',     'error_rate', 0.02)
ON CONFLICT DO NOTHING;

INSERT INTO incidents (id, account_id, project_id, alert_rule_id, merged_into_id, status, title, summary, assignee_id, opened_at, resolved_at) VALUES
  ('a0000000-0000-4000-8000-000000000080', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000030', 'a0000000-0000-4000-8000-000000000070', NULL,                                   'acknowledged', 'Basket is slow', 'The payment provider answers late.', 'c0000000-0000-4000-8000-000000000001', '2026-03-02 08:05:00+00', NULL),
  ('a0000000-0000-4000-8000-000000000081', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000030', NULL,                                   'a0000000-0000-4000-8000-000000000080', 'open',         'Basket fails',   '',                                   NULL,                                   '2026-03-02 08:09:00+00', NULL),
  ('b0000000-0000-4000-8000-000000000080', 'b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000030', 'b0000000-0000-4000-8000-000000000070', NULL,                                   'resolved',     'Images missing', 'A wrong cache header.',              'b0000000-0000-4000-8000-000000000001', '2026-03-01 20:00:00+00', '2026-03-01 21:15:00+00')
ON CONFLICT DO NOTHING;

INSERT INTO incident_comments (id, account_id, incident_id, reply_to_id, author_id, body) VALUES
  ('a0000000-0000-4000-8000-000000000090', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000080', NULL,                                   'a0000000-0000-4000-8000-000000000001', 'Is anybody looking at this?'),
  ('a0000000-0000-4000-8000-000000000091', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000080', 'a0000000-0000-4000-8000-000000000090', 'c0000000-0000-4000-8000-000000000001', 'Yes, it is the provider.'),
  ('b0000000-0000-4000-8000-000000000090', 'b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000080', NULL,                                   'b0000000-0000-4000-8000-000000000001', 'Fixed and purged.')
ON CONFLICT DO NOTHING;

INSERT INTO webhook_endpoints (id, account_id, project_id, url, secret) VALUES
  ('a0000000-0000-4000-8000-0000000000a0', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000030', 'https://hooks.alder.example/race', '\x616c646572'),
  ('b0000000-0000-4000-8000-0000000000a0', 'b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000030', 'https://hooks.birch.example/race', '\x6269726368')
ON CONFLICT DO NOTHING;

INSERT INTO webhook_deliveries (id, account_id, endpoint_id, status, attempts, body) VALUES
  ('a0000000-0000-4000-8000-0000000000b0', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-0000000000a0', 'delivered', 1, '{"incident": "a0000000-0000-4000-8000-000000000080"}'),
  ('b0000000-0000-4000-8000-0000000000b0', 'b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-0000000000a0', 'waiting',   0, '{"incident": "b0000000-0000-4000-8000-000000000080"}')
ON CONFLICT DO NOTHING;

-- The log numbers its entries itself; here they need numbers that stay the same.
INSERT INTO audit_log (id, account_id, actor_id, action, details, at)
OVERRIDING SYSTEM VALUE VALUES
  (-1, 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000001', 'project.create', '{"slug": "shop"}', '2026-02-01 10:00:00+00'),
  (-1, 'b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000001', 'project.create', '{"slug": "news"}', '2026-02-02 11:00:00+00')
ON CONFLICT DO NOTHING;

-- What it costs ----------------------------------------------------------------------------------

INSERT INTO billing.subscriptions (id, account_id, plan_code, cycle, starts_on, ends_on) VALUES
  ('a0000000-0000-4000-8000-0000000000c0', 'a0000000-0000-4000-8000-000000000000', 'free', 'month', '2025-11-01', '2026-02-01'),
  ('a0000000-0000-4000-8000-0000000000c1', 'a0000000-0000-4000-8000-000000000000', 'team', 'month', '2026-02-01', NULL),
  ('b0000000-0000-4000-8000-0000000000c0', 'b0000000-0000-4000-8000-000000000000', 'team', 'year',  '2026-02-02', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO billing.invoices (id, account_id, number, subscription_id, corrects_id, status, subtotal, tax, issued_on, due_on) VALUES
  ('a0000000-0000-4000-8000-0000000000d0', 'a0000000-0000-4000-8000-000000000000', 1, 'a0000000-0000-4000-8000-0000000000c1', NULL,                                   'paid',   4900,   931, '2026-02-01', '2026-02-15'),
  ('a0000000-0000-4000-8000-0000000000d1', 'a0000000-0000-4000-8000-000000000000', 2, 'a0000000-0000-4000-8000-0000000000c1', 'a0000000-0000-4000-8000-0000000000d0', 'draft', -1000,  -190, NULL,         NULL),
  ('b0000000-0000-4000-8000-0000000000d0', 'b0000000-0000-4000-8000-000000000000', 3, 'b0000000-0000-4000-8000-0000000000c0', NULL,                                   'open',  52900,     0, '2026-02-02', '2026-03-04')
ON CONFLICT DO NOTHING;

INSERT INTO billing.invoice_lines (account_id, invoice_id, position, description, quantity, amount) VALUES
  ('a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-0000000000d0', 1, 'Team, February 2026', 1,    4900),
  ('a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-0000000000d1', 1, 'Outage credit',       1,   -1000),
  ('b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-0000000000d0', 1, 'Team, one year',     12,   52900)
ON CONFLICT DO NOTHING;

INSERT INTO billing.payments (id, account_id, invoice_id, amount, provider, provider_reference, received_at) VALUES
  ('a0000000-0000-4000-8000-0000000000e0', 'a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-0000000000d0',  5831, 'card', 'ch_alder_1', '2026-02-01 10:05:00+00'),
  ('b0000000-0000-4000-8000-0000000000e0', 'b0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-0000000000d0', 20000, 'sepa', 'dd_birch_1', '2026-02-20 00:00:00+00')
ON CONFLICT DO NOTHING;

RESET ROLE;
