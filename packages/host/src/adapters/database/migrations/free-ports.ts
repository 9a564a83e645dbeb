/** Network cards that were made by themselves, and may have no instance; these have a project and a name. */
export const freePorts: readonly string[] = [
  "alter table port alter column instance_id drop not null",
  "alter table port alter column index drop not null",
  "alter table port add column project_id text",
  "alter table port add column name text not null default ''",
  `alter table port add constraint port_place_check
    check ((instance_id is null) = (index is null) and (instance_id is not null or project_id is not null))`,
  "create index port_project_index on port (project_id) where instance_id is null",
];
