-- The schema that the migrations make, for reading and for reviewing changes. Written by `npm run schema`.
-- Left out: the day partitions, TypeORM's table `migrations`, BullMQ's schema `bullmq`.
-- The roles millrace_api, millrace_worker and millrace_reader belong to the cluster; migrations create them.

-- Functions are in alphabetical order, and some call later ones.
SET check_function_bodies = off;

GRANT USAGE ON SCHEMA public TO PUBLIC;
GRANT USAGE ON SCHEMA public TO millrace_api;
GRANT USAGE ON SCHEMA public TO millrace_reader;
GRANT USAGE ON SCHEMA public TO millrace_worker;

CREATE TABLE activity_deltas (
  organization_id uuid NOT NULL,
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  sessions json NOT NULL,
  user_days json NOT NULL,
  CONSTRAINT activity_deltas_pkey PRIMARY KEY (organization_id, id)
) WITH (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000);
ALTER TABLE activity_deltas ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity_deltas FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON activity_deltas FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON activity_deltas FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON activity_deltas FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON activity_deltas TO millrace_api;
GRANT SELECT ON activity_deltas TO millrace_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON activity_deltas TO millrace_worker;

CREATE TABLE admitted_series (
  organization_id uuid NOT NULL,
  type text COLLATE "C" NOT NULL,
  day date NOT NULL,
  dimensions jsonb NOT NULL,
  CONSTRAINT admitted_series_pkey PRIMARY KEY (organization_id, type, day, dimensions)
);
ALTER TABLE admitted_series ENABLE ROW LEVEL SECURITY;
ALTER TABLE admitted_series FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON admitted_series FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON admitted_series FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON admitted_series TO millrace_api;
GRANT SELECT, INSERT, DELETE ON admitted_series TO millrace_worker;

CREATE TABLE alert_notifications (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  alert_id uuid,
  channel text NOT NULL,
  message json NOT NULL,
  created_at timestamp with time zone NOT NULL,
  due_at timestamp with time zone NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'waiting'::text,
  log jsonb NOT NULL DEFAULT '[]'::jsonb,
  CONSTRAINT alert_notifications_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT alert_notifications_status_check CHECK (status = ANY (ARRAY['waiting'::text, 'sent'::text, 'refused'::text, 'given_up'::text]))
);
CREATE INDEX alert_notifications_created ON alert_notifications USING btree (organization_id, created_at);
CREATE INDEX alert_notifications_of_alert ON alert_notifications USING btree (organization_id, alert_id, created_at);
CREATE INDEX alert_notifications_waiting ON alert_notifications USING btree (due_at) WHERE status = 'waiting'::text;
ALTER TABLE alert_notifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert_notifications FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON alert_notifications FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON alert_notifications FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT ON alert_notifications TO millrace_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON alert_notifications TO millrace_worker;

CREATE TABLE alert_rules (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text COLLATE "C" NOT NULL,
  condition jsonb NOT NULL,
  for_seconds integer NOT NULL,
  repeat_seconds integer,
  channels text[],
  enabled boolean NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  evaluated_at timestamp with time zone,
  value double precision,
  error text,
  CONSTRAINT alert_rules_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT alert_rules_organization_id_name_key UNIQUE (organization_id, name)
);
ALTER TABLE alert_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON alert_rules FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON alert_rules FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON alert_rules TO millrace_api;
GRANT SELECT, UPDATE (evaluated_at, value, error) ON alert_rules TO millrace_worker;

CREATE TABLE alerts (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  rule text NOT NULL,
  name text NOT NULL,
  state text NOT NULL,
  summary text NOT NULL,
  value double precision,
  channels text[],
  started_at timestamp with time zone NOT NULL,
  fired_at timestamp with time zone,
  resolved_at timestamp with time zone,
  told_at timestamp with time zone,
  silenced_until timestamp with time zone,
  CONSTRAINT alerts_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT alerts_state_check CHECK (state = ANY (ARRAY['pending'::text, 'firing'::text, 'resolved'::text]))
);
CREATE UNIQUE INDEX alerts_open ON alerts USING btree (organization_id, rule) WHERE state <> 'resolved'::text;
CREATE INDEX alerts_silenced ON alerts USING btree (silenced_until) WHERE silenced_until IS NOT NULL;
CREATE INDEX alerts_started ON alerts USING btree (organization_id, started_at, id);
ALTER TABLE alerts ENABLE ROW LEVEL SECURITY;
ALTER TABLE alerts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON alerts FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON alerts FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, UPDATE (silenced_until) ON alerts TO millrace_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON alerts TO millrace_worker;

CREATE TABLE answer_cache_hours (
  hour timestamp with time zone NOT NULL,
  hits double precision NOT NULL,
  misses double precision NOT NULL,
  CONSTRAINT answer_cache_hours_pkey PRIMARY KEY (hour)
);
ALTER TABLE answer_cache_hours ENABLE ROW LEVEL SECURITY;
ALTER TABLE answer_cache_hours FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON answer_cache_hours FOR ALL TO millrace_api
  USING (true)
  WITH CHECK (true);
CREATE POLICY worker ON answer_cache_hours FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (hits, misses) ON answer_cache_hours TO millrace_api;
GRANT SELECT, DELETE ON answer_cache_hours TO millrace_worker;

CREATE TABLE api_keys (
  organization_id uuid NOT NULL,
  public_id text COLLATE "C" NOT NULL,
  secret_hash bytea NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  CONSTRAINT api_keys_pkey PRIMARY KEY (organization_id, public_id),
  CONSTRAINT api_keys_public_id_key UNIQUE (public_id)
);
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY presented ON api_keys FOR SELECT TO millrace_api
  USING (public_id = NULLIF(current_setting('app.presented_key'::text, true), ''::text));
CREATE POLICY tenant ON api_keys FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON api_keys FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (revoked_at, last_used_at) ON api_keys TO millrace_api;
GRANT SELECT ON api_keys TO millrace_worker;

CREATE TABLE audit_log (
  organization_id uuid NOT NULL,
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamp(3) with time zone NOT NULL DEFAULT now(),
  actor text NOT NULL,
  action text NOT NULL,
  origin text,
  details jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT audit_log_pkey PRIMARY KEY (organization_id, id)
);
CREATE INDEX audit_log_at ON audit_log USING btree (organization_id, at, id);
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
CREATE POLICY expired ON audit_log AS RESTRICTIVE FOR DELETE TO millrace_worker
  USING (at < (now() - '30 days'::interval));
CREATE POLICY tenant ON audit_log FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON audit_log FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT (organization_id, actor, action, origin, details) ON audit_log TO millrace_api;
GRANT SELECT, DELETE, INSERT (organization_id, actor, action, origin, details) ON audit_log TO millrace_worker;

CREATE TABLE daily_metric_days (
  organization_id uuid NOT NULL,
  day date NOT NULL,
  basis jsonb,
  CONSTRAINT daily_metric_days_pkey PRIMARY KEY (organization_id, day)
);
ALTER TABLE daily_metric_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE daily_metric_days FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON daily_metric_days FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON daily_metric_days FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON daily_metric_days TO millrace_worker;

CREATE TABLE daily_metric_definitions (
  organization_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  definition jsonb NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT daily_metric_definitions_pkey PRIMARY KEY (organization_id, name)
);
ALTER TABLE daily_metric_definitions ENABLE ROW LEVEL SECURITY;
ALTER TABLE daily_metric_definitions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON daily_metric_definitions FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON daily_metric_definitions FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON daily_metric_definitions TO millrace_api;
GRANT SELECT ON daily_metric_definitions TO millrace_worker;

CREATE TABLE daily_metrics (
  organization_id uuid NOT NULL,
  day date NOT NULL,
  name text COLLATE "C" NOT NULL,
  dimensions jsonb NOT NULL,
  value double precision NOT NULL,
  computed_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT daily_metrics_pkey PRIMARY KEY (organization_id, day, name, dimensions)
);
ALTER TABLE daily_metrics ENABLE ROW LEVEL SECURITY;
ALTER TABLE daily_metrics FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON daily_metrics FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON daily_metrics FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON daily_metrics FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, DELETE ON daily_metrics TO millrace_api;
GRANT SELECT ON daily_metrics TO millrace_reader;
GRANT SELECT, INSERT, DELETE ON daily_metrics TO millrace_worker;

CREATE TABLE dead_letters (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  batch_id uuid NOT NULL,
  received_at timestamp with time zone NOT NULL,
  failed_at timestamp with time zone NOT NULL DEFAULT now(),
  code text NOT NULL,
  reason text NOT NULL,
  event jsonb NOT NULL,
  CONSTRAINT dead_letters_pkey PRIMARY KEY (organization_id, id)
);
CREATE INDEX dead_letters_received ON dead_letters USING btree (organization_id, received_at);
ALTER TABLE dead_letters ENABLE ROW LEVEL SECURITY;
ALTER TABLE dead_letters FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON dead_letters FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON dead_letters FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, DELETE ON dead_letters TO millrace_api;
GRANT SELECT, INSERT, DELETE ON dead_letters TO millrace_worker;

CREATE TABLE erased_deltas (
  organization_id uuid NOT NULL,
  type text COLLATE "C" NOT NULL,
  day date NOT NULL,
  series json NOT NULL,
  CONSTRAINT erased_deltas_pkey PRIMARY KEY (organization_id, type, day)
);
ALTER TABLE erased_deltas ENABLE ROW LEVEL SECURITY;
ALTER TABLE erased_deltas FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON erased_deltas FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON erased_deltas FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON erased_deltas TO millrace_worker;

CREATE TABLE erased_receipts (
  organization_id uuid NOT NULL,
  received_at timestamp with time zone NOT NULL,
  events integer NOT NULL,
  CONSTRAINT erased_receipts_pkey PRIMARY KEY (organization_id, received_at)
);
ALTER TABLE erased_receipts ENABLE ROW LEVEL SECURITY;
ALTER TABLE erased_receipts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON erased_receipts FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON erased_receipts FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON erased_receipts TO millrace_worker;

CREATE TABLE erasures (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  requested_at timestamp with time zone NOT NULL DEFAULT now(),
  actor text NOT NULL,
  origin text,
  user_ids text[] NOT NULL,
  finished_at timestamp with time zone,
  counts jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT erasures_pkey PRIMARY KEY (organization_id, id)
);
CREATE INDEX erasures_pending ON erasures USING btree (requested_at) WHERE finished_at IS NULL;
ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasures FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON erasures FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON erasures FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT ON erasures TO millrace_api;
GRANT SELECT, UPDATE ON erasures TO millrace_worker;

CREATE TABLE event_blocks (
  organization_id uuid NOT NULL,
  first_ts timestamp with time zone NOT NULL,
  first_id text COLLATE "C" NOT NULL,
  last_ts timestamp with time zone NOT NULL,
  last_id text COLLATE "C" NOT NULL,
  events integer NOT NULL,
  payload_bytes bigint NOT NULL,
  filter bytea NOT NULL,
  CONSTRAINT event_blocks_pkey PRIMARY KEY (organization_id, last_ts, last_id)
) PARTITION BY RANGE (last_ts);
ALTER TABLE event_blocks ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_blocks FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON event_blocks FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON event_blocks FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON event_blocks FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON event_blocks TO millrace_api;
GRANT SELECT ON event_blocks TO millrace_reader;
GRANT SELECT, INSERT, DELETE ON event_blocks TO millrace_worker;

CREATE TABLE event_rows (
  organization_id uuid NOT NULL,
  ts timestamp with time zone NOT NULL,
  received_at timestamp with time zone NOT NULL,
  id text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  user_id text COLLATE "C",
  session_id text COLLATE "C",
  src text COLLATE "C",
  payload json NOT NULL,
  type_revision integer,
  CONSTRAINT event_rows_pkey PRIMARY KEY (organization_id, ts, id)
) PARTITION BY RANGE (ts);
ALTER TABLE event_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_rows FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON event_rows FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON event_rows FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON event_rows FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON event_rows TO millrace_api;
GRANT SELECT ON event_rows TO millrace_reader;
GRANT SELECT, INSERT, DELETE ON event_rows TO millrace_worker;

CREATE TABLE event_segments (
  organization_id uuid NOT NULL,
  first_ts timestamp with time zone NOT NULL,
  last_ts timestamp with time zone NOT NULL,
  last_id text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  ts timestamp with time zone[] NOT NULL,
  received_at timestamp with time zone[] NOT NULL,
  uuids uuid[],
  ids text[],
  types text[],
  user_ids text[],
  session_ids text[],
  srcs text[],
  payloads json[] NOT NULL,
  type_revisions integer[],
  CONSTRAINT event_segments_pkey PRIMARY KEY (organization_id, last_ts, last_id, type)
) PARTITION BY RANGE (last_ts);
ALTER TABLE event_segments ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_segments FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON event_segments FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON event_segments FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON event_segments FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON event_segments TO millrace_api;
GRANT SELECT ON event_segments TO millrace_reader;
GRANT SELECT, INSERT, DELETE ON event_segments TO millrace_worker;

CREATE TABLE event_types (
  organization_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  revision integer NOT NULL,
  schema json NOT NULL,
  dimensions text[] NOT NULL,
  measures text[] NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT event_types_pkey PRIMARY KEY (organization_id, name, revision)
);
ALTER TABLE event_types ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_types FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON event_types FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON event_types FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT ON event_types TO millrace_api;
GRANT SELECT ON event_types TO millrace_worker;

CREATE TABLE export_parts (
  organization_id uuid NOT NULL,
  export_id uuid NOT NULL,
  part integer NOT NULL,
  bytes bytea NOT NULL,
  CONSTRAINT export_parts_pkey PRIMARY KEY (organization_id, export_id, part)
);
ALTER TABLE export_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE export_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON export_parts FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON export_parts FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON export_parts TO millrace_api;
GRANT SELECT, INSERT ON export_parts TO millrace_worker;

CREATE TABLE exports (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  requested_at timestamp with time zone NOT NULL DEFAULT now(),
  request jsonb NOT NULL,
  status text NOT NULL DEFAULT 'queued'::text,
  parts integer NOT NULL DEFAULT 0,
  events bigint NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0,
  position jsonb,
  state jsonb,
  erasures integer NOT NULL,
  finished_at timestamp with time zone,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT exports_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT exports_status_check CHECK (status = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text]))
);
ALTER TABLE exports ENABLE ROW LEVEL SECURITY;
ALTER TABLE exports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON exports FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON exports FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON exports TO millrace_api;
GRANT SELECT, UPDATE, DELETE ON exports TO millrace_worker;

CREATE TABLE health_checks (
  slot timestamp with time zone NOT NULL,
  checked_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  every_seconds integer NOT NULL,
  status text NOT NULL,
  checks jsonb NOT NULL,
  CONSTRAINT health_checks_pkey PRIMARY KEY (slot),
  CONSTRAINT health_checks_status_check CHECK (status = ANY (ARRAY['ok'::text, 'warn'::text, 'fail'::text]))
);
ALTER TABLE health_checks ENABLE ROW LEVEL SECURITY;
ALTER TABLE health_checks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON health_checks FOR ALL TO millrace_api
  USING (true)
  WITH CHECK (true);
CREATE POLICY worker ON health_checks FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON health_checks TO millrace_api;
GRANT SELECT, INSERT, DELETE ON health_checks TO millrace_worker;

CREATE TABLE horizons (
  organization_id uuid NOT NULL,
  events_from timestamp with time zone NOT NULL,
  cleared_until timestamp with time zone NOT NULL DEFAULT '-infinity'::timestamp with time zone,
  gone_events bigint NOT NULL DEFAULT 0,
  metrics_from timestamp with time zone NOT NULL,
  minutes_from timestamp with time zone NOT NULL,
  CONSTRAINT horizons_pkey PRIMARY KEY (organization_id)
);
ALTER TABLE horizons ENABLE ROW LEVEL SECURITY;
ALTER TABLE horizons FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON horizons FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON horizons FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON horizons TO millrace_api;
GRANT SELECT, INSERT, UPDATE ON horizons TO millrace_worker;

CREATE TABLE job_acts (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamp with time zone NOT NULL DEFAULT now(),
  actor text NOT NULL,
  origin text,
  job text NOT NULL,
  act text NOT NULL,
  slot timestamp with time zone,
  enqueued_at timestamp with time zone,
  CONSTRAINT job_acts_pkey PRIMARY KEY (id),
  CONSTRAINT job_acts_act_check CHECK (act = ANY (ARRAY['run'::text, 'pause'::text, 'resume'::text])),
  CONSTRAINT job_acts_check CHECK ((slot IS NOT NULL) = (act = 'run'::text))
);
CREATE INDEX job_acts_at ON job_acts USING btree (at);
CREATE INDEX job_acts_of_job ON job_acts USING btree (job, id);
CREATE INDEX job_acts_waiting ON job_acts USING btree (id) WHERE act = 'run'::text AND enqueued_at IS NULL;
ALTER TABLE job_acts ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_acts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON job_acts FOR ALL TO millrace_api
  USING (true)
  WITH CHECK (true);
CREATE POLICY worker ON job_acts FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT (actor, origin, job, act, slot) ON job_acts TO millrace_api;
GRANT SELECT, DELETE, UPDATE (enqueued_at) ON job_acts TO millrace_worker;

CREATE TABLE job_failures (
  job text NOT NULL,
  slot timestamp with time zone NOT NULL,
  is_requested boolean NOT NULL,
  started_at timestamp with time zone NOT NULL,
  failed_at timestamp with time zone NOT NULL,
  error text NOT NULL,
  CONSTRAINT job_failures_pkey PRIMARY KEY (job, slot, failed_at)
);
CREATE INDEX job_failures_at ON job_failures USING btree (job, failed_at);
ALTER TABLE job_failures ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_failures FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON job_failures FOR ALL TO millrace_api
  USING (true)
  WITH CHECK (true);
CREATE POLICY worker ON job_failures FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON job_failures TO millrace_api;
GRANT SELECT, INSERT, DELETE ON job_failures TO millrace_worker;

CREATE TABLE job_runs (
  job text NOT NULL,
  slot timestamp with time zone NOT NULL,
  finished_at timestamp with time zone NOT NULL DEFAULT now(),
  counts jsonb NOT NULL DEFAULT '{}'::jsonb,
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  is_requested boolean NOT NULL DEFAULT false,
  CONSTRAINT job_runs_pkey PRIMARY KEY (job, slot)
);
ALTER TABLE job_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON job_runs FOR ALL TO millrace_api
  USING (true)
  WITH CHECK (true);
CREATE POLICY worker ON job_runs FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON job_runs TO millrace_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON job_runs TO millrace_worker;

CREATE TABLE jobs (
  job text NOT NULL,
  schedule jsonb NOT NULL,
  catch_up integer NOT NULL,
  registered_at timestamp with time zone NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  paused_at timestamp with time zone,
  CONSTRAINT jobs_pkey PRIMARY KEY (job)
);
ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON jobs FOR ALL TO millrace_api
  USING (true)
  WITH CHECK (true);
CREATE POLICY worker ON jobs FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, UPDATE (paused_at) ON jobs TO millrace_api;
GRANT SELECT, INSERT, DELETE, UPDATE (schedule, catch_up, seen_at) ON jobs TO millrace_worker;

CREATE TABLE ledger (
  organization_id uuid NOT NULL,
  received_at timestamp with time zone NOT NULL,
  batch_id uuid NOT NULL,
  received integer NOT NULL,
  stored integer NOT NULL,
  duplicate integer NOT NULL,
  dead_lettered integer NOT NULL,
  actor text NOT NULL,
  origin text NOT NULL,
  CONSTRAINT ledger_pkey PRIMARY KEY (organization_id, received_at, batch_id),
  CONSTRAINT ledger_check CHECK (received = (stored + duplicate + dead_lettered))
) WITH (autovacuum_vacuum_insert_scale_factor=0.02);
CREATE INDEX ledger_actor ON ledger USING btree (organization_id, actor, received_at, batch_id);
ALTER TABLE ledger ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger FORCE ROW LEVEL SECURITY;
CREATE POLICY expired ON ledger AS RESTRICTIVE FOR DELETE TO millrace_worker
  USING (received_at < (now() - '30 days'::interval));
CREATE POLICY reader ON ledger FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON ledger FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON ledger FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON ledger TO millrace_api;
GRANT SELECT (organization_id, received_at, batch_id, received, stored, duplicate, dead_lettered) ON ledger TO millrace_reader;
GRANT SELECT, INSERT, DELETE ON ledger TO millrace_worker;

CREATE TABLE notification_channels (
  organization_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  shown text NOT NULL,
  target text NOT NULL,
  secret text,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT notification_channels_pkey PRIMARY KEY (organization_id, name)
);
ALTER TABLE notification_channels ENABLE ROW LEVEL SECURITY;
ALTER TABLE notification_channels FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON notification_channels FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON notification_channels FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT INSERT, DELETE, SELECT (organization_id, name, kind, shown, updated_at), UPDATE (kind, shown, target, secret, updated_at) ON notification_channels TO millrace_api;
GRANT SELECT ON notification_channels TO millrace_worker;

CREATE TABLE organizations (
  id uuid NOT NULL,
  name text NOT NULL,
  settings jsonb NOT NULL DEFAULT '{}'::jsonb,
  pseudonym_key bytea NOT NULL DEFAULT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-'::text, ''::text), 'hex'::text),
  event_types_revision integer NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT organizations_pkey PRIMARY KEY (id)
);
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organizations FOR ALL TO millrace_api
  USING (id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON organizations FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (name, settings, event_types_revision) ON organizations TO millrace_api;
GRANT SELECT ON organizations TO millrace_worker;

CREATE TABLE performance_reports (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  computed_at timestamp with time zone NOT NULL,
  content jsonb NOT NULL,
  CONSTRAINT performance_reports_pkey PRIMARY KEY (id)
);
CREATE INDEX performance_reports_by_age ON performance_reports USING btree (computed_at);
ALTER TABLE performance_reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance_reports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance_reports FOR ALL TO millrace_api
  USING (true)
  WITH CHECK (true);
CREATE POLICY worker ON performance_reports FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON performance_reports TO millrace_api;
GRANT SELECT, INSERT, DELETE ON performance_reports TO millrace_worker;

CREATE TABLE query_hours (
  hour timestamp with time zone NOT NULL,
  method text NOT NULL,
  route text NOT NULL,
  seconds double precision NOT NULL,
  up_to double precision[] NOT NULL,
  CONSTRAINT query_hours_pkey PRIMARY KEY (hour, method, route)
);
ALTER TABLE query_hours ENABLE ROW LEVEL SECURITY;
ALTER TABLE query_hours FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON query_hours FOR ALL TO millrace_api
  USING (true)
  WITH CHECK (true);
CREATE POLICY worker ON query_hours FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (seconds, up_to) ON query_hours TO millrace_api;
GRANT SELECT, DELETE ON query_hours TO millrace_worker;

CREATE UNLOGGED TABLE rate_limits (
  key text COLLATE "C" NOT NULL,
  points integer NOT NULL,
  expire bigint,
  CONSTRAINT rate_limits_pkey PRIMARY KEY (key)
);
ALTER TABLE rate_limits ENABLE ROW LEVEL SECURITY;
ALTER TABLE rate_limits FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON rate_limits FOR ALL TO millrace_api
  USING (true)
  WITH CHECK (true);
CREATE POLICY worker ON rate_limits FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO millrace_api;

CREATE TABLE rejections (
  organization_id uuid NOT NULL,
  bucket timestamp with time zone NOT NULL,
  code text NOT NULL,
  events bigint NOT NULL,
  CONSTRAINT rejections_pkey PRIMARY KEY (organization_id, bucket, code)
);
ALTER TABLE rejections ENABLE ROW LEVEL SECURITY;
ALTER TABLE rejections FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON rejections FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON rejections FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON rejections FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (events) ON rejections TO millrace_api;
GRANT SELECT ON rejections TO millrace_reader;
GRANT SELECT, DELETE ON rejections TO millrace_worker;

CREATE UNLOGGED TABLE replicas (
  replica_id uuid NOT NULL,
  kind text NOT NULL,
  reported_at timestamp with time zone NOT NULL DEFAULT now(),
  figures jsonb NOT NULL,
  clock_ahead_ms double precision,
  CONSTRAINT replicas_pkey PRIMARY KEY (replica_id),
  CONSTRAINT replicas_kind_check CHECK (kind = ANY (ARRAY['api'::text, 'worker'::text]))
);
ALTER TABLE replicas ENABLE ROW LEVEL SECURITY;
ALTER TABLE replicas FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON replicas FOR ALL TO millrace_api
  USING (true)
  WITH CHECK (true);
CREATE POLICY worker ON replicas FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, DELETE, INSERT (replica_id, kind, figures, clock_ahead_ms), UPDATE (reported_at, figures, clock_ahead_ms) ON replicas TO millrace_api;
GRANT DELETE, SELECT (replica_id, kind, reported_at, clock_ahead_ms), INSERT (replica_id, kind, figures, clock_ahead_ms), UPDATE (reported_at, figures, clock_ahead_ms) ON replicas TO millrace_worker;

CREATE TABLE report_mails (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  report_id uuid NOT NULL,
  email text NOT NULL,
  is_test boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'waiting'::text,
  attempts integer NOT NULL DEFAULT 0,
  planned_at timestamp with time zone NOT NULL,
  next_attempt_at timestamp with time zone,
  settled_at timestamp with time zone,
  error text,
  message_id text,
  CONSTRAINT report_mails_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT report_mails_check CHECK ((next_attempt_at IS NULL) = (settled_at IS NOT NULL)),
  CONSTRAINT report_mails_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'refused'::text, 'given_up'::text, 'cancelled'::text]))
);
CREATE INDEX report_mails_due ON report_mails USING btree (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE UNIQUE INDEX report_mails_once ON report_mails USING btree (organization_id, report_id, lower(email)) WHERE NOT is_test;
CREATE INDEX report_mails_planned ON report_mails USING btree (organization_id, planned_at);
ALTER TABLE report_mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_mails FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON report_mails FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON report_mails FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT (organization_id, report_id, email, is_test, planned_at, next_attempt_at) ON report_mails TO millrace_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON report_mails TO millrace_worker;

CREATE TABLE report_recipients (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  email text NOT NULL,
  kinds text[] NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  unsubscribed_at timestamp with time zone,
  CONSTRAINT report_recipients_pkey PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX report_recipients_email ON report_recipients USING btree (organization_id, lower(email));
ALTER TABLE report_recipients ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_recipients FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON report_recipients FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON report_recipients FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE (kinds, unsubscribed_at) ON report_recipients TO millrace_api;
GRANT SELECT ON report_recipients TO millrace_worker;

CREATE TABLE reports (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  kind text NOT NULL,
  period_start timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  content jsonb NOT NULL,
  mails_planned_at timestamp with time zone,
  CONSTRAINT reports_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT reports_organization_id_kind_period_start_key UNIQUE (organization_id, kind, period_start)
);
ALTER TABLE reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reports FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON reports FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT (organization_id, kind, period_start, content), UPDATE (content) ON reports TO millrace_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON reports TO millrace_worker;

CREATE TABLE rollup_deltas (
  organization_id uuid NOT NULL,
  type text COLLATE "C" NOT NULL,
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  series json NOT NULL,
  CONSTRAINT rollup_deltas_pkey PRIMARY KEY (organization_id, type, id)
) WITH (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000);
ALTER TABLE rollup_deltas ENABLE ROW LEVEL SECURITY;
ALTER TABLE rollup_deltas FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON rollup_deltas FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON rollup_deltas FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON rollup_deltas FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON rollup_deltas TO millrace_api;
GRANT SELECT ON rollup_deltas TO millrace_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON rollup_deltas TO millrace_worker;

CREATE TABLE rollups (
  organization_id uuid NOT NULL,
  type text COLLATE "C" NOT NULL,
  measure text COLLATE "C" NOT NULL,
  window_seconds integer NOT NULL,
  bucket timestamp with time zone NOT NULL,
  dimensions jsonb NOT NULL,
  count bigint NOT NULL,
  sum double precision,
  min double precision,
  max double precision,
  sketch bytea,
  CONSTRAINT rollups_pkey PRIMARY KEY (organization_id, type, measure, window_seconds, bucket, dimensions)
) WITH (fillfactor=70, autovacuum_vacuum_scale_factor=0.02, autovacuum_analyze_scale_factor=0.02);
ALTER TABLE rollups ENABLE ROW LEVEL SECURITY;
ALTER TABLE rollups FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON rollups FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON rollups FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON rollups FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON rollups TO millrace_api;
GRANT SELECT ON rollups TO millrace_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON rollups TO millrace_worker;

CREATE TABLE row_blocks (
  organization_id uuid NOT NULL,
  after_ts timestamp with time zone NOT NULL,
  after_id text COLLATE "C" NOT NULL,
  last_ts timestamp with time zone NOT NULL,
  last_id text COLLATE "C" NOT NULL,
  is_stale boolean NOT NULL DEFAULT false,
  filter bytea NOT NULL,
  CONSTRAINT row_blocks_pkey PRIMARY KEY (organization_id, last_ts, last_id)
);
ALTER TABLE row_blocks ENABLE ROW LEVEL SECURITY;
ALTER TABLE row_blocks FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON row_blocks FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON row_blocks FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON row_blocks FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON row_blocks TO millrace_api;
GRANT SELECT ON row_blocks TO millrace_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON row_blocks TO millrace_worker;

CREATE TABLE series_counts (
  organization_id uuid NOT NULL,
  type text COLLATE "C" NOT NULL,
  day date NOT NULL,
  series integer NOT NULL DEFAULT 0,
  max_series integer NOT NULL,
  exceeded_at timestamp with time zone,
  CONSTRAINT series_counts_pkey PRIMARY KEY (organization_id, type, day)
);
CREATE INDEX series_exceeded ON series_counts USING btree (organization_id, day) WHERE exceeded_at IS NOT NULL;
ALTER TABLE series_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE series_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON series_counts FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON series_counts FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON series_counts TO millrace_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON series_counts TO millrace_worker;

CREATE TABLE sessions (
  organization_id uuid NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  first_seen timestamp with time zone NOT NULL,
  last_seen timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  user_id text COLLATE "C",
  device text COLLATE "C",
  talked_seconds double precision NOT NULL,
  events bigint NOT NULL,
  CONSTRAINT sessions_pkey PRIMARY KEY (organization_id, session_id)
) WITH (fillfactor=80, autovacuum_vacuum_scale_factor=0.02, autovacuum_analyze_scale_factor=0.02);
CREATE INDEX sessions_start ON sessions USING btree (organization_id, first_seen, session_id);
CREATE INDEX sessions_user ON sessions USING btree (organization_id, user_id, first_seen, session_id);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON sessions FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON sessions FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON sessions FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON sessions TO millrace_api;
GRANT SELECT ON sessions TO millrace_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO millrace_worker;

CREATE TABLE user_days (
  organization_id uuid NOT NULL,
  day date NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  first_quarter smallint NOT NULL DEFAULT 0,
  last_quarter smallint NOT NULL DEFAULT 95,
  CONSTRAINT user_days_pkey PRIMARY KEY (organization_id, day, user_id)
) WITH (autovacuum_vacuum_scale_factor=0.02, autovacuum_analyze_scale_factor=0.02);
ALTER TABLE user_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_days FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON user_days FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON user_days FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON user_days FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON user_days TO millrace_api;
GRANT SELECT ON user_days TO millrace_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON user_days TO millrace_worker;

CREATE TABLE user_first_days (
  organization_id uuid NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  first_day date NOT NULL,
  CONSTRAINT user_first_days_pkey PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX user_first_days_day ON user_first_days USING btree (organization_id, first_day);
ALTER TABLE user_first_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_first_days FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON user_first_days FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON user_first_days FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON user_first_days TO millrace_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON user_first_days TO millrace_worker;

CREATE TABLE user_periods (
  organization_id uuid NOT NULL,
  unit text COLLATE "C" NOT NULL,
  period date NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  CONSTRAINT user_periods_pkey PRIMARY KEY (organization_id, unit, period, user_id),
  CONSTRAINT user_periods_unit_check CHECK (unit = ANY (ARRAY['week'::text, 'month'::text]))
);
ALTER TABLE user_periods ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_periods FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON user_periods FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON user_periods FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT ON user_periods TO millrace_api;
GRANT SELECT, INSERT, DELETE ON user_periods TO millrace_worker;

CREATE TABLE users (
  organization_id uuid NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  name text,
  email text,
  team text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT users_pkey PRIMARY KEY (organization_id, external_id)
);
CREATE UNIQUE INDEX users_email ON users USING btree (organization_id, lower(email));
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON users FOR SELECT TO millrace_reader
  USING (organization_id =
CASE
    WHEN starts_with(CURRENT_USER::text, 'millrace_org_'::text) THEN substr(CURRENT_USER::text, 14)::uuid
    ELSE NULL::uuid
END);
CREATE POLICY tenant ON users FOR ALL TO millrace_api
  USING (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.current_org_id'::text, true), ''::text)::uuid);
CREATE POLICY worker ON users FOR ALL TO millrace_worker
  USING (true)
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON users TO millrace_api;
GRANT SELECT ON users TO millrace_reader;
GRANT SELECT ON users TO millrace_worker;

ALTER TABLE api_keys ADD CONSTRAINT api_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE;
ALTER TABLE event_types ADD CONSTRAINT event_types_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE;
ALTER TABLE export_parts ADD CONSTRAINT export_parts_organization_id_export_id_fkey FOREIGN KEY (organization_id, export_id) REFERENCES exports(organization_id, id) ON DELETE CASCADE;
ALTER TABLE users ADD CONSTRAINT users_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE;

CREATE OR REPLACE FUNCTION public.admit_series(organizations uuid[], types text[], days date[], dimensions jsonb[], usual_max integer)
 RETURNS SETOF integer
 LANGUAGE plpgsql
AS $function$
  DECLARE
    scope record;
    room integer;
    added integer;
    refused integer[];
  BEGIN
    -- No need to wait for the disk: the transaction that counts by these rows commits later and flushes them too.
    PERFORM set_config('synchronous_commit', 'off', true);
    -- In key order, so that two workers cannot deadlock.
    FOR scope IN
      SELECT g.organization_id, g.type, g.day, array_agg(g.n::integer) AS positions
      FROM unnest(organizations, types, days, dimensions) WITH ORDINALITY
        AS g(organization_id, type, day, dimensions, n)
      WHERE NOT EXISTS (
        SELECT FROM admitted_series a
        WHERE a.organization_id = g.organization_id AND a.type = g.type AND a.day = g.day
          AND a.dimensions = g.dimensions)
      GROUP BY g.organization_id, g.type, g.day
      ORDER BY g.organization_id, g.type, g.day
    LOOP

      INSERT INTO series_counts AS c (organization_id, type, day, max_series)
      SELECT o.id, scope.type, scope.day,
             coalesce((o.settings ->> 'max_series_per_type')::integer, usual_max)
      FROM organizations o WHERE o.id = scope.organization_id
      ON CONFLICT ON CONSTRAINT series_counts_pkey DO UPDATE SET series = c.series
      RETURNING greatest(c.max_series - c.series, 0) INTO room;
      INSERT INTO admitted_series
      -- DISTINCT: the same dimensions may occur twice with different key order, and must use one place.
      SELECT DISTINCT scope.organization_id, scope.type, scope.day, admit_series.dimensions[n]
      FROM unnest(scope.positions) AS n
      WHERE NOT EXISTS (
        SELECT FROM admitted_series a
        WHERE a.organization_id = scope.organization_id AND a.type = scope.type AND a.day = scope.day
          AND a.dimensions = admit_series.dimensions[n])
      LIMIT room;
      GET DIAGNOSTICS added = ROW_COUNT;
      refused := ARRAY(
        SELECT n FROM unnest(scope.positions) AS n
        WHERE NOT EXISTS (
          SELECT FROM admitted_series a
          WHERE a.organization_id = scope.organization_id AND a.type = scope.type AND a.day = scope.day
            AND a.dimensions = admit_series.dimensions[n]));
      UPDATE series_counts c
      SET series = c.series + added,
          exceeded_at = coalesce(c.exceeded_at, CASE WHEN cardinality(refused) > 0 THEN now() END)
      WHERE c.organization_id = scope.organization_id AND c.type = scope.type AND c.day = scope.day;
      RETURN QUERY SELECT unnest(refused);
    END LOOP;
  END $function$;
REVOKE ALL ON FUNCTION admit_series(uuid[],text[],date[],jsonb[],integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admit_series(uuid[],text[],date[],jsonb[],integer) TO millrace_worker;

CREATE OR REPLACE FUNCTION public.aggregate_user_metrics(user_id bigint)
 RETURNS TABLE(user_id text, total_talked_time double precision, session_count bigint)
 LANGUAGE sql
 STABLE
AS $function$
        SELECT * FROM aggregate_user_metrics($1::text)
      $function$;

CREATE OR REPLACE FUNCTION public.aggregate_user_metrics(user_id text)
 RETURNS TABLE(user_id text, total_talked_time double precision, session_count bigint)
 LANGUAGE sql
 STABLE
AS $function$
        WITH 
  pending AS MATERIALIZED (
    
  SELECT d.organization_id, s.session_id COLLATE "C" AS session_id, to_timestamp(s.first_seen / 1000) AS first_seen,
         to_timestamp(s.last_seen / 1000) AS last_seen, to_timestamp(s.ended_at / 1000) AS ended_at,
         s.user_id COLLATE "C" AS user_id, s.device COLLATE "C" AS device, s.talked_seconds, s.events
  FROM activity_deltas d, json_to_recordset(d.sessions) 
  AS s(session_id text, first_seen float8, last_seen float8, ended_at float8, user_id text, device text,
       talked_seconds float8, events bigint) WHERE d.organization_id = current_organization()
  ), known AS (
    SELECT session_id, first_seen, last_seen, user_id, talked_seconds FROM sessions
    WHERE organization_id = current_organization() AND user_id = $1
    UNION ALL
    SELECT session_id, first_seen, last_seen, user_id, talked_seconds FROM sessions
    WHERE organization_id = current_organization() AND (user_id = $1) IS NOT TRUE
      AND session_id IN (SELECT session_id FROM pending)
    UNION ALL
    SELECT session_id, first_seen, last_seen, user_id, talked_seconds FROM pending
  ), merged AS (
    SELECT session_id, min(first_seen) AS first_seen, max(last_seen) AS last_seen, max(user_id) AS user_id,
           sum(talked_seconds) AS talked_seconds
    FROM known GROUP BY session_id
  )
        SELECT $1, coalesce(sum(talked_seconds), 0), count(*) FROM merged WHERE user_id = $1
      $function$;

CREATE OR REPLACE FUNCTION public.begin_closing(day date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  DECLARE
    suffix text := '_' || to_char(day, 'YYYYMMDD');
    name text;
  BEGIN
    IF day >= (now() AT TIME ZONE 'UTC')::date THEN
      RAISE EXCEPTION 'the day % is not over', day;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('begin_closing'));
    IF to_regclass('public.event_rows' || suffix) IS NULL THEN RETURN; END IF;
    IF to_regclass('public.event_blocks' || suffix) IS NOT NULL THEN RETURN; END IF;
    FOREACH name IN ARRAY ARRAY['event_blocks', 'event_segments'] LOOP
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name || suffix, name);
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name || suffix);
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name || suffix);
      EXECUTE format(
        'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        name, name || suffix, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    END LOOP;
    EXECUTE format(
      'CREATE TRIGGER closed AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION refuse_closed_event()',
      'event_rows' || suffix);
    -- Workers empty the partition of a closed day.
    EXECUTE format('GRANT TRUNCATE ON %I TO millrace_worker', 'event_rows' || suffix);
  END $function$;
REVOKE ALL ON FUNCTION begin_closing(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_closing(date) TO millrace_worker;

CREATE OR REPLACE FUNCTION public.current_organization()
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$
        SELECT CASE WHEN starts_with(current_user, 'millrace_org_') THEN substr(current_user, 14)::uuid ELSE NULLIF(current_setting('app.current_org_id', true), '')::uuid END
      $function$;

CREATE OR REPLACE FUNCTION public.decode_segment(ts timestamp with time zone[], received_at timestamp with time zone[], uuids uuid[], ids text[], type text, types text[], user_ids text[], session_ids text[], srcs text[], payloads json[], type_revisions integer[])
 RETURNS TABLE(ts timestamp with time zone, received_at timestamp with time zone, id text, type text, user_id text, session_id text, src text, payload json, type_revision integer)
 LANGUAGE sql
 IMMUTABLE
AS $function$
        SELECT e.ts, e.received_at, coalesce(e.uuid::text, e.id) COLLATE "C", coalesce(e.type, $5) COLLATE "C",
               e.user_id COLLATE "C", e.session_id COLLATE "C", e.src COLLATE "C", e.payload, e.type_revision
        FROM (
          SELECT unnest($1) AS ts, unnest($2) AS received_at, unnest($3) AS uuid, unnest($4) AS id, unnest($6) AS type,
                 unnest($7) AS user_id, unnest($8) AS session_id, unnest($9) AS src, unnest($10) AS payload,
                 unnest($11) AS type_revision
        ) AS e
      $function$;

CREATE OR REPLACE FUNCTION public.drop_event_day(day date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
      DECLARE
        name text;
      BEGIN
        IF day >= (now() AT TIME ZONE 'UTC')::date THEN
          RAISE EXCEPTION 'the day % is not over', day;
        END IF;
        LOCK TABLE ONLY event_blocks IN ACCESS EXCLUSIVE MODE;
        LOCK TABLE ONLY event_segments IN ACCESS EXCLUSIVE MODE;
        LOCK TABLE ONLY event_rows IN ACCESS EXCLUSIVE MODE;
        FOREACH name IN ARRAY ARRAY['event_rows', 'event_blocks', 'event_segments'] LOOP
          EXECUTE format('DROP TABLE IF EXISTS %I', name || '_' || to_char(day, 'YYYYMMDD'));
        END LOOP;
      END $function$;
REVOKE ALL ON FUNCTION drop_event_day(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_event_day(date) TO millrace_worker;

CREATE OR REPLACE FUNCTION public.end_long_reads(longest interval)
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
        SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))::integer FROM pg_stat_activity
        WHERE datname = current_database() AND starts_with(usename, 'millrace_org_') AND clock_timestamp() - xact_start > $1
      $function$;
REVOKE ALL ON FUNCTION end_long_reads(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_long_reads(interval) TO millrace_worker;

CREATE OR REPLACE FUNCTION public.ensure_event_partitions(first_day date, last_day date)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  DECLARE
    day date;
    partition text;
    created integer := 0;
  BEGIN
    IF last_day - first_day > 4000 THEN
      RAISE EXCEPTION 'refusing to create % day partitions', last_day - first_day;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ensure_event_partitions'));
    FOR day IN SELECT generate_series(first_day, last_day, '1 day')::date LOOP
      partition := 'event_rows_' || to_char(day, 'YYYYMMDD');
      CONTINUE WHEN to_regclass('public.' || partition) IS NOT NULL;
      -- ATTACH instead of PARTITION OF, which would wait for all readers of events and block writers meanwhile.
      EXECUTE format('CREATE TABLE %I (LIKE event_rows INCLUDING ALL)', partition);
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', partition);
      EXECUTE format(
        'ALTER TABLE event_rows ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        partition, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
      created := created + 1;
    END LOOP;
    RETURN created;
  END $function$;
REVOKE ALL ON FUNCTION ensure_event_partitions(date,date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_event_partitions(date,date) TO millrace_worker;

CREATE OR REPLACE FUNCTION public.events_between(organization uuid, from_ts timestamp with time zone, to_ts timestamp with time zone)
 RETURNS TABLE(organization_id uuid, ts timestamp with time zone, received_at timestamp with time zone, id text, type text, user_id text, session_id text, src text, payload json, type_revision integer)
 LANGUAGE sql
 STABLE
AS $function$
        SELECT organization_id, ts, received_at, id, type, user_id, session_id, src, payload, type_revision FROM event_rows WHERE organization_id = $1 AND ts >= $2 AND ts < $3
        UNION ALL
        
        SELECT s.organization_id, e.ts, e.received_at, e.id, s.type, e.user_id, e.session_id, e.src, e.payload, e.type_revision
        FROM event_segments s, 
  decode_segment(s.ts, s.received_at, s.uuids, s.ids, s.type, s.types, s.user_ids, s.session_ids, s.srcs,
                 s.payloads, s.type_revisions) AS e
        WHERE s.type <> '' AND 
  s.organization_id = $1 AND s.last_ts >= $2 AND s.first_ts < $3
  AND s.last_ts < date_trunc('day', $3, 'UTC') + interval '1 day' AND e.ts >= $2 AND e.ts < $3 UNION ALL 
        SELECT s.organization_id, e.ts, e.received_at, e.id, e.type, e.user_id, e.session_id, e.src, e.payload, e.type_revision
        FROM event_segments s, 
  decode_segment(s.ts, s.received_at, s.uuids, s.ids, s.type, s.types, s.user_ids, s.session_ids, s.srcs,
                 s.payloads, s.type_revisions) AS e
        WHERE s.type = '' AND 
  s.organization_id = $1 AND s.last_ts >= $2 AND s.first_ts < $3
  AND s.last_ts < date_trunc('day', $3, 'UTC') + interval '1 day' AND e.ts >= $2 AND e.ts < $3
      $function$;

CREATE OR REPLACE FUNCTION public.events_of_users(organization uuid, from_ts timestamp with time zone, to_ts timestamp with time zone, of_users text[])
 RETURNS TABLE(organization_id uuid, ts timestamp with time zone, received_at timestamp with time zone, id text, type text, user_id text, session_id text, src text, payload json, type_revision integer)
 LANGUAGE sql
 STABLE
AS $function$
        SELECT r.* FROM row_stretches($1, $2, $3, '', NULL, $4, NULL) AS s, LATERAL (
          SELECT organization_id, ts, received_at, id, type, user_id, session_id, src, payload, type_revision FROM event_rows
          WHERE organization_id = $1 AND (ts, id) > (s.after_ts, s.after_id) AND (ts, id) < (s.until_ts, s.until_id)
            AND ts >= s.after_ts AND ts <= s.until_ts AND ts >= $2 AND ts < $3 AND user_id = ANY($4)
          OFFSET 0
        ) AS r
        UNION ALL
        SELECT s.organization_id, e.ts, e.received_at, e.id, e.type, e.user_id, e.session_id, e.src, e.payload,
               e.type_revision
        FROM (
          SELECT last_ts, last_id FROM event_blocks
          WHERE organization_id = $1 AND last_ts >= $2 AND first_ts < $3
            AND last_ts < date_trunc('day', $3, 'UTC') + interval '1 day'
            AND EXISTS (SELECT FROM unnest($4) AS u(id) WHERE may_have_user(filter, u.id))
          OFFSET 0
        ) AS b, event_segments s,
        decode_segment(s.ts, s.received_at, s.uuids, s.ids, s.type, s.types, s.user_ids, s.session_ids, s.srcs,
                       s.payloads, s.type_revisions) AS e
        WHERE s.organization_id = $1 AND s.last_ts = b.last_ts AND s.last_id = b.last_id
          AND s.last_ts >= $2 AND s.last_ts < date_trunc('day', $3, 'UTC') + interval '1 day'
          AND s.user_ids && $4 AND e.ts >= $2 AND e.ts < $3 AND e.user_id = ANY($4)
      $function$;

CREATE OR REPLACE FUNCTION public.filter_entry(text)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE
AS $function$
        SELECT substring(int8send(hashtextextended($1 COLLATE "C", 0)) FOR 3)
      $function$;

CREATE OR REPLACE FUNCTION public.generate_weekly_report(week_start date DEFAULT (((now() AT TIME ZONE 'UTC'::text))::date - 6))
 RETURNS TABLE(user_id text, name text, session_count bigint, total_talked_time double precision, last_session timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
        WITH 
  pending AS MATERIALIZED (
    
  SELECT d.organization_id, s.session_id COLLATE "C" AS session_id, to_timestamp(s.first_seen / 1000) AS first_seen,
         to_timestamp(s.last_seen / 1000) AS last_seen, to_timestamp(s.ended_at / 1000) AS ended_at,
         s.user_id COLLATE "C" AS user_id, s.device COLLATE "C" AS device, s.talked_seconds, s.events
  FROM activity_deltas d, json_to_recordset(d.sessions) 
  AS s(session_id text, first_seen float8, last_seen float8, ended_at float8, user_id text, device text,
       talked_seconds float8, events bigint) WHERE d.organization_id = current_organization()
  ), known AS (
    SELECT session_id, first_seen, last_seen, user_id, talked_seconds FROM sessions
    WHERE organization_id = current_organization() AND first_seen >= $1::timestamp AT TIME ZONE 'UTC' AND first_seen < ($1 + 7)::timestamp AT TIME ZONE 'UTC'
    UNION ALL
    SELECT session_id, first_seen, last_seen, user_id, talked_seconds FROM sessions
    WHERE organization_id = current_organization() AND (first_seen >= $1::timestamp AT TIME ZONE 'UTC' AND first_seen < ($1 + 7)::timestamp AT TIME ZONE 'UTC') IS NOT TRUE
      AND session_id IN (SELECT session_id FROM pending)
    UNION ALL
    SELECT session_id, first_seen, last_seen, user_id, talked_seconds FROM pending
  ), merged AS (
    SELECT session_id, min(first_seen) AS first_seen, max(last_seen) AS last_seen, max(user_id) AS user_id,
           sum(talked_seconds) AS talked_seconds
    FROM known GROUP BY session_id
  )
        SELECT m.user_id, u.name, count(*), sum(m.talked_seconds), max(m.last_seen)
        FROM merged m LEFT JOIN users u ON u.organization_id = current_organization() AND u.external_id = m.user_id
        WHERE m.user_id IS NOT NULL AND first_seen >= $1::timestamp AT TIME ZONE 'UTC' AND first_seen < ($1 + 7)::timestamp AT TIME ZONE 'UTC'
        GROUP BY m.user_id, u.name
        ORDER BY m.user_id
      $function$;

CREATE OR REPLACE FUNCTION public.get_session_details(session_id bigint)
 RETURNS TABLE(session_id text, user_id text, name text, email text, started_at timestamp with time zone, ended_at timestamp with time zone, last_seen_at timestamp with time zone, duration_seconds double precision, device text, events bigint, talked_seconds double precision, talked_time double precision)
 LANGUAGE sql
 STABLE
AS $function$
        SELECT * FROM get_session_details($1::text)
      $function$;

CREATE OR REPLACE FUNCTION public.get_session_details(session_id text)
 RETURNS TABLE(session_id text, user_id text, name text, email text, started_at timestamp with time zone, ended_at timestamp with time zone, last_seen_at timestamp with time zone, duration_seconds double precision, device text, events bigint, talked_seconds double precision, talked_time double precision)
 LANGUAGE sql
 STABLE
AS $function$
        SELECT s.session_id, s.user_id, u.name, u.email, s.first_seen, s.ended_at, s.last_seen,
               extract(epoch FROM coalesce(s.ended_at, s.last_seen) - s.first_seen)::float8, s.device, s.events,
               s.talked_seconds, s.talked_seconds
        FROM live_sessions s
        LEFT JOIN users u ON u.organization_id = s.organization_id AND u.external_id = s.user_id
        WHERE s.organization_id = current_organization() AND s.session_id = $1
      $function$;

CREATE OR REPLACE FUNCTION public.is_closed_event(organization uuid, event_ts timestamp with time zone, event_id text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
        SELECT EXISTS (
          SELECT FROM event_segments s, (
            SELECT first_ts, first_id, last_ts, last_id FROM event_blocks
            WHERE organization_id = $1 AND last_ts >= $2 AND last_ts < date_trunc('day', $2, 'UTC') + interval '1 day'
              AND (last_ts, last_id) >= ($2, $3)
            ORDER BY last_ts, last_id LIMIT 1
          ) AS block
          WHERE s.organization_id = $1 AND s.last_ts = block.last_ts AND s.last_id = block.last_id
            AND (block.first_ts, block.first_id) <= ($2, $3) AND $2 = ANY(s.ts)
            AND EXISTS (
              SELECT FROM unnest(s.ts, s.uuids, s.ids) AS e(ts, uuid, id)
              WHERE e.ts = $2 AND coalesce(e.uuid::text, e.id) = $3
            )
        )
      $function$;

CREATE OR REPLACE FUNCTION public.lock_event_day(day date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
      DECLARE
        name text;
      BEGIN
        -- begin_closing takes it too.
        PERFORM pg_advisory_xact_lock(hashtext('begin_closing'));
        FOREACH name IN ARRAY ARRAY['event_rows', 'event_blocks', 'event_segments'] LOOP
          name := name || '_' || to_char(day, 'YYYYMMDD');
          IF to_regclass('public.' || name) IS NOT NULL THEN
            EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', name);
          END IF;
        END LOOP;
      END $function$;
REVOKE ALL ON FUNCTION lock_event_day(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_event_day(date) TO millrace_worker;

CREATE OR REPLACE FUNCTION public.may_have(filter bytea, entry text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
        SELECT position(filter_entry($2) IN $1) > 0 OR substring($1 FOR 3) <> filter_entry('')
      $function$;

CREATE OR REPLACE FUNCTION public.may_have_session(filter bytea, session_id text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
        SELECT may_have($1, 'session ' || $2)
      $function$;

CREATE OR REPLACE FUNCTION public.may_have_user(filter bytea, user_id text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
        SELECT may_have($1, 'user ' || $2)
      $function$;

CREATE OR REPLACE FUNCTION public.payloads_between(organization uuid, from_ts timestamp with time zone, to_ts timestamp with time zone, of_type text)
 RETURNS SETOF json
 LANGUAGE sql
 STABLE
AS $function$
        SELECT payload FROM event_rows WHERE organization_id = $1 AND ts >= $2 AND ts < $3 AND type = $4
        UNION ALL
        SELECT unnest(s.payloads) FROM event_segments s
        WHERE s.organization_id = $1 AND s.first_ts >= $2 AND s.last_ts >= $2 AND s.last_ts < $3 AND s.type = $4
        UNION ALL
        SELECT e.payload
        FROM event_segments s, unnest(s.ts, s.types, s.payloads) AS e(ts, type, payload)
        WHERE 
  s.organization_id = $1 AND s.last_ts >= $2 AND s.first_ts < $3
  AND s.last_ts < date_trunc('day', $3, 'UTC') + interval '1 day' AND ((s.type = $4 AND (s.first_ts < $2 OR s.last_ts >= $3)) OR $4 = ANY(s.types))
          AND e.ts >= $2 AND e.ts < $3 AND (e.type IS NULL OR e.type = $4)
      $function$;

CREATE OR REPLACE FUNCTION public.present_key(presented text)
 RETURNS TABLE(organization_id uuid, secret_hash bytea, scopes text[], settings jsonb, pseudonym_key bytea, event_types_revision integer)
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
      BEGIN
        PERFORM set_config('app.presented_key', presented, true);
        SELECT k.organization_id, k.secret_hash, k.scopes INTO organization_id, secret_hash, scopes
          FROM api_keys k WHERE k.public_id = presented AND k.revoked_at IS NULL
            AND (k.expires_at IS NULL OR k.expires_at > now());
        IF NOT FOUND THEN RETURN; END IF;
        PERFORM set_config('app.current_org_id', organization_id::text, true);
        SELECT o.settings, o.pseudonym_key, o.event_types_revision
          INTO settings, pseudonym_key, event_types_revision
          FROM organizations o WHERE o.id = organization_id;
        RETURN NEXT;
      END $function$;

CREATE OR REPLACE FUNCTION public.refuse_closed_event()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      BEGIN
        IF is_closed_event(NEW.organization_id, NEW.ts, NEW.id) THEN
          RAISE unique_violation USING MESSAGE = 'the event is in a segment', CONSTRAINT = 'event_segments';
        END IF;
        RETURN NULL;
      END $function$;

CREATE OR REPLACE FUNCTION public.refuse_expired_events(organizations uuid[], firsts timestamp with time zone[])
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
    BEGIN
      IF EXISTS (
        SELECT FROM unnest($1, $2) AS k(organization_id, ts), horizons h
        WHERE h.organization_id = k.organization_id AND k.ts < h.events_from
      ) THEN
        RAISE EXCEPTION 'there are events of days that are no longer kept' USING ERRCODE = 'MR001';
      END IF;
      RETURN true;
    END $function$;
REVOKE ALL ON FUNCTION refuse_expired_events(uuid[],timestamp with time zone[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refuse_expired_events(uuid[],timestamp with time zone[]) TO millrace_worker;

CREATE OR REPLACE FUNCTION public.row_stretches(organization uuid, from_ts timestamp with time zone, until_ts timestamp with time zone, until_id text, of_type text, of_users text[], of_session text)
 RETURNS TABLE(after_ts timestamp with time zone, after_id text, until_ts timestamp with time zone, until_id text)
 LANGUAGE sql
 STABLE
AS $function$
        SELECT greatest(after_ts, $2), CASE WHEN after_ts < $2 THEN '' ELSE after_id END,
               least(end_ts, $3), CASE WHEN (end_ts, end_id) < ($3, $4) THEN end_id ELSE $4 END
        FROM (
          -- The smallest id after the last one.
          SELECT after_ts, after_id, last_ts AS end_ts, last_id || chr(1) AS end_id FROM row_blocks
          WHERE organization_id = $1 AND last_ts >= $2 AND after_ts <= $3 AND (
            is_stale
            OR (($5 IS NULL OR may_have(filter, 'type ' || $5)) AND ($7 IS NULL OR may_have_session(filter, $7))
                AND ($6 IS NULL OR EXISTS (SELECT FROM unnest($6) AS u(id) WHERE may_have_user(filter, u.id))))
            OR tstzrange(after_ts, last_ts, '[]') && (
              SELECT range_agg(tstzrange(minute, minute + interval '1 minute')) FROM (
                SELECT DISTINCT to_timestamp((delta ->> 't')::float8) AS minute
                FROM rollup_deltas, json_array_elements(series) AS delta
                WHERE organization_id = $1 AND ($5 IS NULL OR type = $5)
              ) AS added
            )
          )
          UNION ALL
          -- Behind the last block of each day, and before the first day that has blocks.
          SELECT last_ts, last_id, coalesce(lead(day) OVER (ORDER BY day), 'infinity'), '' FROM (
            SELECT timestamptz '-infinity' AS day, $2 AS last_ts, '' AS last_id
            UNION ALL
            (SELECT DISTINCT ON (day) day, last_ts, last_id
             FROM row_blocks, date_trunc('day', last_ts, 'UTC') AS day
             WHERE organization_id = $1 AND last_ts >= $2 AND after_ts <= $3
             ORDER BY day, last_ts DESC, last_id DESC)
          ) AS ends
        ) AS stretches
      $function$;

CREATE OR REPLACE FUNCTION public.server_activity()
 RETURNS TABLE(oldest_transaction_seconds double precision, replicas integer, replication_lag_bytes double precision)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
        SELECT
          (SELECT extract(epoch FROM max(clock_timestamp() - xact_start)) FROM pg_stat_activity
           WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()),
          count(*)::integer, max(pg_current_wal_lsn() - replay_lsn)::double precision
        FROM pg_stat_replication
      $function$;
REVOKE ALL ON FUNCTION server_activity() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION server_activity() TO millrace_worker;

CREATE OR REPLACE FUNCTION public.statement_statistics(how_many integer)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  DECLARE
    home name;
    found jsonb;
  BEGIN
    SELECT n.nspname INTO home FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_stat_statements';
    IF home IS NULL THEN RETURN NULL; END IF;
    EXECUTE format($query$
      WITH own AS (
        SELECT * FROM %1$I.pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      ), shown AS (
        SELECT left(query, 2000) AS query, sum(calls)::float8 AS calls, max(max_exec_time) AS max_ms,
               sum(total_exec_time) AS total_ms, sum(rows)::float8 AS rows
        FROM own WHERE query ~* '^\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH)\y' GROUP BY 1
      ), ranked AS (
        SELECT *, total_ms / calls AS avg_ms, row_number() OVER (ORDER BY total_ms DESC) AS by_total,
               row_number() OVER (ORDER BY total_ms / calls DESC) AS by_avg
        FROM shown WHERE calls > 0
      )
      SELECT jsonb_build_object(
        'since', (SELECT stats_reset FROM %1$I.pg_stat_statements_info),
        'hidden', (SELECT count(*) FROM own WHERE query = '<insufficient privilege>'),
        'slowest', coalesce((
          SELECT jsonb_agg(to_jsonb(r) - 'by_total' - 'by_avg' ORDER BY total_ms DESC) FROM ranked r
          WHERE by_total <= $1 OR by_avg <= $1), '[]'))
    $query$, home) INTO found USING how_many;
    RETURN found;
  EXCEPTION WHEN object_not_in_prerequisite_state OR undefined_table OR undefined_column THEN
    RETURN NULL;
  END $function$;
REVOKE ALL ON FUNCTION statement_statistics(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION statement_statistics(integer) TO millrace_worker;

CREATE VIEW events WITH (security_invoker=true) AS
 SELECT event_rows.organization_id,
    event_rows.ts,
    event_rows.received_at,
    event_rows.id,
    event_rows.type,
    event_rows.user_id,
    event_rows.session_id,
    event_rows.src,
    event_rows.payload,
    event_rows.type_revision
   FROM event_rows
UNION ALL
 SELECT s.organization_id,
    e.ts,
    e.received_at,
    e.id,
    s.type,
    e.user_id,
    e.session_id,
    e.src,
    e.payload,
    e.type_revision
   FROM event_segments s,
    LATERAL decode_segment(s.ts, s.received_at, s.uuids, s.ids, s.type, s.types, s.user_ids, s.session_ids, s.srcs, s.payloads, s.type_revisions) e(ts, received_at, id, type, user_id, session_id, src, payload, type_revision)
  WHERE s.type <> ''::text AND true
UNION ALL
 SELECT s.organization_id,
    e.ts,
    e.received_at,
    e.id,
    e.type,
    e.user_id,
    e.session_id,
    e.src,
    e.payload,
    e.type_revision
   FROM event_segments s,
    LATERAL decode_segment(s.ts, s.received_at, s.uuids, s.ids, s.type, s.types, s.user_ids, s.session_ids, s.srcs, s.payloads, s.type_revisions) e(ts, received_at, id, type, user_id, session_id, src, payload, type_revision)
  WHERE s.type = ''::text AND true;
GRANT SELECT ON events TO millrace_api;
GRANT SELECT ON events TO millrace_reader;
GRANT SELECT ON events TO millrace_worker;

CREATE VIEW batches WITH (security_invoker=true) AS
 SELECT organization_id,
    received_at,
    batch_id,
    received,
    stored,
    duplicate,
    dead_lettered
   FROM ledger;
GRANT SELECT ON batches TO millrace_reader;

CREATE VIEW live_rollups WITH (security_invoker=true) AS
 SELECT organization_id,
    type,
    measure,
    window_seconds,
    bucket,
    dimensions,
    sum(count)::bigint AS count,
    sum(sum) AS sum,
    min(min) AS min,
    max(max) AS max
   FROM ( SELECT rollups.organization_id,
            rollups.type,
            rollups.measure,
            rollups.window_seconds,
            rollups.bucket,
            rollups.dimensions,
            rollups.count,
            rollups.sum,
            rollups.min,
            rollups.max
           FROM rollups
        UNION ALL
         SELECT d.organization_id,
            d.type,
            m.measure COLLATE "C" AS measure,
            w.seconds,
            to_timestamp((s.t / w.seconds * w.seconds)::double precision) AS to_timestamp,
            s.d,
            m.count,
            m.sum,
            m.min,
            m.max
           FROM rollup_deltas d,
            LATERAL json_to_recordset(d.series) s(d jsonb, t bigint, c bigint, m json),
            unnest(ARRAY[60, 300, 900, 3600, 86400]) w(seconds),
            LATERAL ( SELECT ''::text AS measure,
                    s.c AS count,
                    NULL::double precision AS sum,
                    NULL::double precision AS min,
                    NULL::double precision AS max
                UNION ALL
                 SELECT json_each.key,
                    (json_each.value ->> 0)::bigint AS int8,
                    (json_each.value ->> 1)::double precision AS float8,
                    (json_each.value ->> 2)::double precision AS float8,
                    (json_each.value ->> 3)::double precision AS float8
                   FROM json_each(s.m) json_each(key, value)) m) known
  GROUP BY organization_id, type, measure, window_seconds, bucket, dimensions;
GRANT SELECT ON live_rollups TO millrace_reader;

CREATE VIEW live_sessions WITH (security_invoker=true) AS
 SELECT organization_id,
    session_id,
    min(first_seen) AS first_seen,
    max(last_seen) AS last_seen,
    max(ended_at) AS ended_at,
    max(user_id) AS user_id,
    max(device) AS device,
    sum(talked_seconds) AS talked_seconds,
    sum(events)::bigint AS events
   FROM ( SELECT sessions.organization_id,
            sessions.session_id,
            sessions.first_seen,
            sessions.last_seen,
            sessions.ended_at,
            sessions.user_id,
            sessions.device,
            sessions.talked_seconds,
            sessions.events
           FROM sessions
        UNION ALL
         SELECT d.organization_id,
            s.session_id COLLATE "C" AS session_id,
            to_timestamp(s.first_seen / 1000::double precision) AS first_seen,
            to_timestamp(s.last_seen / 1000::double precision) AS last_seen,
            to_timestamp(s.ended_at / 1000::double precision) AS ended_at,
            s.user_id COLLATE "C" AS user_id,
            s.device COLLATE "C" AS device,
            s.talked_seconds,
            s.events
           FROM activity_deltas d,
            LATERAL json_to_recordset(d.sessions) s(session_id text, first_seen double precision, last_seen double precision, ended_at double precision, user_id text, device text, talked_seconds double precision, events bigint)) known
  GROUP BY organization_id, session_id;
GRANT SELECT ON live_sessions TO millrace_reader;

CREATE VIEW live_user_days WITH (security_invoker=true) AS
 SELECT user_days.organization_id,
    user_days.day,
    user_days.user_id
   FROM user_days
UNION
 SELECT d.organization_id,
    s.day,
    s.user_id COLLATE "C" AS user_id
   FROM activity_deltas d,
    LATERAL json_to_recordset(d.user_days) s(day date, user_id text);
GRANT SELECT ON live_user_days TO millrace_reader;

CREATE VIEW command_executions WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'command_name'::text AS command_name,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'execution_time_ms'::text)::bigint
            ELSE NULL::bigint
        END AS execution_time_ms,
    payload ->> 'status'::text AS status,
    payload -> 'context'::text AS context,
    payload
   FROM events
  WHERE type = 'command_execution'::text;
GRANT SELECT ON command_executions TO millrace_reader;

CREATE VIEW agent_interactions WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'agent_name'::text AS agent_name,
    payload ->> 'interaction_type'::text AS interaction_type,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'execution_time_ms'::text)::bigint
            ELSE NULL::bigint
        END AS execution_time_ms,
    payload ->> 'status'::text AS status,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'input_tokens'::text)::bigint
            ELSE NULL::bigint
        END AS input_tokens,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'output_tokens'::text)::bigint
            ELSE NULL::bigint
        END AS output_tokens,
    payload -> 'context'::text AS context,
    payload
   FROM events
  WHERE type = 'agent_interaction'::text;
GRANT SELECT ON agent_interactions TO millrace_reader;

CREATE VIEW productivity_metrics WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'metric_type'::text AS metric_type,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'metric_value'::text)::double precision
            ELSE NULL::double precision
        END AS metric_value,
    payload -> 'context'::text AS context,
    payload
   FROM events
  WHERE type = 'productivity_metric'::text;
GRANT SELECT ON productivity_metrics TO millrace_reader;

CREATE VIEW session_starts WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'device_type'::text AS device_type,
    payload ->> 'platform'::text AS platform,
    payload ->> 'app_version'::text AS app_version,
    payload
   FROM events
  WHERE type = 'session_start'::text;
GRANT SELECT ON session_starts TO millrace_reader;

CREATE VIEW session_updates WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'device_type'::text AS device_type,
    payload ->> 'platform'::text AS platform,
    payload
   FROM events
  WHERE type = 'session_update'::text;
GRANT SELECT ON session_updates TO millrace_reader;

CREATE VIEW session_ends WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'reason'::text AS reason,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'duration_ms'::text)::double precision
            ELSE NULL::double precision
        END AS duration_ms,
    payload ->> 'device_type'::text AS device_type,
    payload
   FROM events
  WHERE type = 'session_end'::text;
GRANT SELECT ON session_ends TO millrace_reader;

CREATE VIEW user_metrics WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'talked_time'::text)::bigint
            ELSE NULL::bigint
        END AS talked_time,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'microphone_used'::text)::boolean
            ELSE NULL::boolean
        END AS microphone_used,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'speaker_used'::text)::boolean
            ELSE NULL::boolean
        END AS speaker_used,
    payload ->> 'voice_sentiment'::text AS voice_sentiment,
    payload ->> 'device_type'::text AS device_type,
    payload
   FROM events
  WHERE type = 'voice_metric'::text;
GRANT SELECT ON user_metrics TO millrace_reader;

CREATE VIEW device_metrics WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'device_name'::text AS device_name,
    payload ->> 'metric_name'::text AS metric_name,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'value'::text)::double precision
            ELSE NULL::double precision
        END AS value,
    payload ->> 'unit'::text AS unit,
    payload -> 'metadata'::text AS metadata,
    payload
   FROM events
  WHERE type = 'device_metric'::text;
GRANT SELECT ON device_metrics TO millrace_reader;

CREATE VIEW page_views WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'page'::text AS page,
    payload ->> 'title'::text AS title,
    payload ->> 'referrer'::text AS referrer,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'status'::text)::bigint
            ELSE NULL::bigint
        END AS status,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'bytes'::text)::bigint
            ELSE NULL::bigint
        END AS bytes,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'duration_ms'::text)::double precision
            ELSE NULL::double precision
        END AS duration_ms,
    payload
   FROM events
  WHERE type = 'page_view'::text;
GRANT SELECT ON page_views TO millrace_reader;

CREATE VIEW button_clicks WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'button_id'::text AS button_id,
    payload ->> 'button_text'::text AS button_text,
    payload ->> 'page'::text AS page,
    payload
   FROM events
  WHERE type = 'button_click'::text;
GRANT SELECT ON button_clicks TO millrace_reader;

CREATE VIEW form_submissions WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'form_id'::text AS form_id,
    payload ->> 'page'::text AS page,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'success'::text)::boolean
            ELSE NULL::boolean
        END AS success,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'field_count'::text)::bigint
            ELSE NULL::bigint
        END AS field_count,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'duration_ms'::text)::double precision
            ELSE NULL::double precision
        END AS duration_ms,
    payload
   FROM events
  WHERE type = 'form_submit'::text;
GRANT SELECT ON form_submissions TO millrace_reader;

CREATE VIEW video_plays WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'video_id'::text AS video_id,
    payload ->> 'title'::text AS title,
    payload ->> 'quality'::text AS quality,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'position_seconds'::text)::double precision
            ELSE NULL::double precision
        END AS position_seconds,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'watched_seconds'::text)::double precision
            ELSE NULL::double precision
        END AS watched_seconds,
    payload
   FROM events
  WHERE type = 'video_play'::text;
GRANT SELECT ON video_plays TO millrace_reader;

CREATE VIEW course_completions WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'course_id'::text AS course_id,
    payload ->> 'course_name'::text AS course_name,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'score'::text)::double precision
            ELSE NULL::double precision
        END AS score,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'duration_seconds'::text)::double precision
            ELSE NULL::double precision
        END AS duration_seconds,
    payload
   FROM events
  WHERE type = 'course_complete'::text;
GRANT SELECT ON course_completions TO millrace_reader;

CREATE VIEW search_queries WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'query'::text AS query,
    payload ->> 'category'::text AS category,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'results_count'::text)::bigint
            ELSE NULL::bigint
        END AS results_count,
        CASE
            WHEN type_revision IS NULL THEN (payload ->> 'duration_ms'::text)::double precision
            ELSE NULL::double precision
        END AS duration_ms,
    payload
   FROM events
  WHERE type = 'search_query'::text;
GRANT SELECT ON search_queries TO millrace_reader;

CREATE VIEW errors WITH (security_invoker=true) AS
 SELECT organization_id,
    ts,
    received_at,
    id,
    user_id,
    session_id,
    src,
    payload ->> 'error_type'::text AS error_type,
    payload ->> 'message'::text AS message,
    payload ->> 'code'::text AS code,
    payload ->> 'severity'::text AS severity,
    payload ->> 'page'::text AS page,
    payload ->> 'stack'::text AS stack,
    payload
   FROM events
  WHERE type = 'error_occurred'::text;
GRANT SELECT ON errors TO millrace_reader;

CREATE OR REPLACE FUNCTION public.agent_interactions(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF agent_interactions
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'agent_name' AS "agent_name",
           payload->>'interaction_type' AS "interaction_type",
           CASE WHEN type_revision IS NULL THEN (payload->>'execution_time_ms')::bigint END AS "execution_time_ms",
           payload->>'status' AS "status",
           CASE WHEN type_revision IS NULL THEN (payload->>'input_tokens')::bigint END AS "input_tokens",
           CASE WHEN type_revision IS NULL THEN (payload->>'output_tokens')::bigint END AS "output_tokens",
           payload->'context' AS "context",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'agent_interaction'
    $function$;

CREATE OR REPLACE FUNCTION public.button_clicks(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF button_clicks
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'button_id' AS "button_id",
           payload->>'button_text' AS "button_text",
           payload->>'page' AS "page",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'button_click'
    $function$;

CREATE OR REPLACE FUNCTION public.command_executions(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF command_executions
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'command_name' AS "command_name",
           CASE WHEN type_revision IS NULL THEN (payload->>'execution_time_ms')::bigint END AS "execution_time_ms",
           payload->>'status' AS "status",
           payload->'context' AS "context",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'command_execution'
    $function$;

CREATE OR REPLACE FUNCTION public.course_completions(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF course_completions
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'course_id' AS "course_id",
           payload->>'course_name' AS "course_name",
           CASE WHEN type_revision IS NULL THEN (payload->>'score')::double precision END AS "score",
           CASE WHEN type_revision IS NULL THEN (payload->>'duration_seconds')::double precision END AS "duration_seconds",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'course_complete'
    $function$;

CREATE OR REPLACE FUNCTION public.device_metrics(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF device_metrics
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'device_name' AS "device_name",
           payload->>'metric_name' AS "metric_name",
           CASE WHEN type_revision IS NULL THEN (payload->>'value')::double precision END AS "value",
           payload->>'unit' AS "unit",
           payload->'metadata' AS "metadata",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'device_metric'
    $function$;

CREATE OR REPLACE FUNCTION public.errors(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF errors
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'error_type' AS "error_type",
           payload->>'message' AS "message",
           payload->>'code' AS "code",
           payload->>'severity' AS "severity",
           payload->>'page' AS "page",
           payload->>'stack' AS "stack",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'error_occurred'
    $function$;

CREATE OR REPLACE FUNCTION public.events(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF events
 LANGUAGE sql
 STABLE
AS $function$
        SELECT * FROM events_between(current_organization(), $1, $2)
      $function$;

CREATE OR REPLACE FUNCTION public.events_of_user(user_id text, from_ts timestamp with time zone DEFAULT '-infinity'::timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF events
 LANGUAGE sql
 STABLE
AS $function$
        SELECT * FROM events_of_users(current_organization(), $2, $3, ARRAY[$1])
      $function$;

CREATE OR REPLACE FUNCTION public.form_submissions(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF form_submissions
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'form_id' AS "form_id",
           payload->>'page' AS "page",
           CASE WHEN type_revision IS NULL THEN (payload->>'success')::boolean END AS "success",
           CASE WHEN type_revision IS NULL THEN (payload->>'field_count')::bigint END AS "field_count",
           CASE WHEN type_revision IS NULL THEN (payload->>'duration_ms')::double precision END AS "duration_ms",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'form_submit'
    $function$;

CREATE OR REPLACE FUNCTION public.page_views(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF page_views
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'page' AS "page",
           payload->>'title' AS "title",
           payload->>'referrer' AS "referrer",
           CASE WHEN type_revision IS NULL THEN (payload->>'status')::bigint END AS "status",
           CASE WHEN type_revision IS NULL THEN (payload->>'bytes')::bigint END AS "bytes",
           CASE WHEN type_revision IS NULL THEN (payload->>'duration_ms')::double precision END AS "duration_ms",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'page_view'
    $function$;

CREATE OR REPLACE FUNCTION public.productivity_metrics(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF productivity_metrics
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'metric_type' AS "metric_type",
           CASE WHEN type_revision IS NULL THEN (payload->>'metric_value')::double precision END AS "metric_value",
           payload->'context' AS "context",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'productivity_metric'
    $function$;

CREATE OR REPLACE FUNCTION public.search_queries(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF search_queries
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'query' AS "query",
           payload->>'category' AS "category",
           CASE WHEN type_revision IS NULL THEN (payload->>'results_count')::bigint END AS "results_count",
           CASE WHEN type_revision IS NULL THEN (payload->>'duration_ms')::double precision END AS "duration_ms",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'search_query'
    $function$;

CREATE OR REPLACE FUNCTION public.session_ends(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF session_ends
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'reason' AS "reason",
           CASE WHEN type_revision IS NULL THEN (payload->>'duration_ms')::double precision END AS "duration_ms",
           payload->>'device_type' AS "device_type",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'session_end'
    $function$;

CREATE OR REPLACE FUNCTION public.session_starts(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF session_starts
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'device_type' AS "device_type",
           payload->>'platform' AS "platform",
           payload->>'app_version' AS "app_version",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'session_start'
    $function$;

CREATE OR REPLACE FUNCTION public.session_updates(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF session_updates
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'device_type' AS "device_type",
           payload->>'platform' AS "platform",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'session_update'
    $function$;

CREATE OR REPLACE FUNCTION public.user_metrics(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF user_metrics
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           CASE WHEN type_revision IS NULL THEN (payload->>'talked_time')::bigint END AS "talked_time",
           CASE WHEN type_revision IS NULL THEN (payload->>'microphone_used')::boolean END AS "microphone_used",
           CASE WHEN type_revision IS NULL THEN (payload->>'speaker_used')::boolean END AS "speaker_used",
           payload->>'voice_sentiment' AS "voice_sentiment",
           payload->>'device_type' AS "device_type",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'voice_metric'
    $function$;

CREATE OR REPLACE FUNCTION public.video_plays(from_ts timestamp with time zone, to_ts timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF video_plays
 LANGUAGE sql
 STABLE
AS $function$
    SELECT organization_id,
           ts,
           received_at,
           id,
           user_id,
           session_id,
           src,
           payload->>'video_id' AS "video_id",
           payload->>'title' AS "title",
           payload->>'quality' AS "quality",
           CASE WHEN type_revision IS NULL THEN (payload->>'position_seconds')::double precision END AS "position_seconds",
           CASE WHEN type_revision IS NULL THEN (payload->>'watched_seconds')::double precision END AS "watched_seconds",
           payload
    FROM events_between(current_organization(), $1, $2) WHERE type = 'video_play'
    $function$;
