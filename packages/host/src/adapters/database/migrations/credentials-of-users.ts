/** Application credentials that users make for themselves: their words for them, and tokens that end with them. */
export const credentialsOfUsers: readonly string[] = [
  "alter table credential add column description text not null default ''",
  "alter table token add column credential_id text references credential on delete cascade",
  "create index token_credential_index on token (credential_id) where credential_id is not null",
];
