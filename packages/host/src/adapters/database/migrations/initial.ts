/**
 * The first tables. Ids are text: whoever asks for one that is no UUID gets no row, not an error. What is
 * sorted by compares bytes, so that pages are the same on every server whatever its locale.
 */
export const initial: readonly string[] = [
  `create table instance (
    id text primary key,
    project_id text not null,
    user_id text not null,
    name text collate "C" not null,
    hostname text not null,
    image_id text not null,
    flavor_id text not null,
    key_name text,
    vm_state text collate "C" not null,
    task_state text,
    progress integer not null,
    rescue_image_id text,
    metadata jsonb not null,
    agent_version text,
    encrypted_password text,
    fault jsonb,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    launched_at timestamptz,
    deleted_at timestamptz
  )`,
  "create index instance_project_index on instance (project_id, created_at desc, id)",
  "create index instance_created_index on instance (created_at desc, id)",
  `create table port (
    id text primary key,
    instance_id text not null constraint port_instance_fkey references instance,
    network_id text not null,
    mac text not null,
    index integer not null,
    constraint port_mac_key unique (network_id, mac)
  )`,
  "create index port_instance_index on port (instance_id)",
  `create table fixed_ip (
    network_id text not null,
    address inet not null,
    port_id text not null references port on delete cascade,
    prefix_length integer not null,
    position integer not null,
    constraint fixed_ip_pkey primary key (network_id, address)
  )`,
  "create index fixed_ip_port_index on fixed_ip (port_id)",
  `create table operation (
    id text primary key,
    instance_id text not null,
    kind text not null,
    request_id text not null,
    user_id text not null,
    project_id text not null,
    state text not null,
    attempts integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deadline_at timestamptz not null,
    returncode text,
    message text,
    error jsonb,
    sealed bytea
  )`,
  "create index operation_instance_index on operation (instance_id, created_at desc)",
  "create index operation_request_index on operation (request_id)",
  "create index operation_state_index on operation (state, updated_at)",
  `create table operation_event (
    serial bigint generated always as identity primary key,
    operation_id text not null references operation on delete cascade,
    at timestamptz not null,
    state text not null,
    text text not null
  )`,
  "create index operation_event_operation_index on operation_event (operation_id, serial)",
  `create table action (
    request_id text not null,
    instance_id text not null,
    action text not null,
    user_id text not null,
    project_id text not null,
    started_at timestamptz not null,
    updated_at timestamptz not null,
    ended_at timestamptz,
    message text,
    primary key (request_id, instance_id)
  )`,
  "create index action_instance_index on action (instance_id, started_at desc)",
  "create index action_unfinished_index on action (started_at) where ended_at is null",
  `create table action_event (
    serial bigint generated always as identity primary key,
    request_id text not null,
    event text not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    result text,
    details text
  )`,
  "create index action_event_request_index on action_event (request_id, serial)",
  `create table image (
    id text primary key,
    name text not null,
    has_agent boolean not null,
    is_rescue boolean not null,
    reference text not null,
    os_type text not null,
    min_disk_gib integer not null,
    min_ram_mib integer not null,
    created_at timestamptz not null
  )`,
  `create table flavor (
    id text primary key,
    name text not null,
    vcpus integer not null,
    ram_mib integer not null,
    disk_gib integer not null
  )`,
  `create table network (
    id text primary key,
    project_id text,
    name text not null,
    bridge text not null,
    cidr text not null,
    cidr6 text,
    gateway text,
    gateway6 text,
    dns jsonb not null,
    routes jsonb not null
  )`,
  `create table key_pair (
    user_id text not null,
    name text not null,
    public_key text not null,
    fingerprint text not null,
    created_at timestamptz not null,
    primary key (user_id, name)
  )`,
  `create table audit (
    serial bigint generated always as identity primary key,
    at timestamptz not null,
    user_id text not null,
    project_id text not null,
    request_id text not null,
    what text not null,
    target text not null,
    outcome text not null
  )`,
  "create index audit_target_index on audit (target, serial desc)",
  `create table project (
    id text primary key,
    name text not null unique,
    is_enabled boolean not null
  )`,
  `create table "user" (
    id text primary key,
    name text not null unique,
    is_enabled boolean not null,
    default_project_id text,
    password_hash text not null
  )`,
  `create table role_grant (
    user_id text not null references "user" on delete cascade,
    project_id text not null references project on delete cascade,
    role text not null,
    primary key (user_id, project_id, role)
  )`,
  `create table credential (
    id text primary key,
    name text not null,
    user_id text not null references "user" on delete cascade,
    project_id text not null references project on delete cascade,
    roles jsonb not null,
    expires_at timestamptz,
    secret_hash bytea not null,
    unique (user_id, name)
  )`,
  `create table token (
    hash bytea primary key,
    user_id text not null references "user" on delete cascade,
    project_id text references project on delete cascade,
    roles jsonb not null,
    methods jsonb not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  "create index token_expires_index on token (expires_at)",
];
