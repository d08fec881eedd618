import { pgEnum } from 'drizzle-orm/pg-core';

export const memberRole = pgEnum('member_role', ['owner', 'admin', 'developer', 'viewer']);

/** In the order of promotion: what is tried in preview ends up in production. */
export const ENVIRONMENTS = ['preview', 'staging', 'production'] as const;

export const environmentKind = pgEnum('environment_kind', ENVIRONMENTS);

export const apiScope = pgEnum('api_scope', ['ingest', 'read', 'admin']);

export const eventKind = pgEnum('event_kind', ['page_load', 'interaction', 'request', 'error']);

export const alertMetric = pgEnum('alert_metric', ['p50', 'p75', 'p95', 'error_rate']);

export enum IncidentStatus {
  Open = 'open',
  Acknowledged = 'acknowledged',
  Resolved = 'resolved',
}

export const incidentStatus = pgEnum('incident_status', IncidentStatus);

export const deliveryStatus = pgEnum('delivery_status', ['waiting', 'delivered', 'failed']);
