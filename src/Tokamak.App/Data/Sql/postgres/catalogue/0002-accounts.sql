-- Who may sign in to which brand, and what they did. Instants are UTC.
create table account (
  id              uuid primary key,
  brand           text collate "C" not null references brand,
  role            text collate "C" not null check (role in ('Hq', 'Finance', 'Manager', 'Clerk')),
  staff           text collate "C",
  sign_in_name    text,
  normalized_name text collate "C",
  display_name    text not null,
  password_hash   text,
  security_stamp  text not null,
  version         text not null,
  enabled         boolean not null,
  failed_sign_ins integer not null,
  locked_until    timestamptz,
  two_factor      boolean not null,
  totp_key        text,
  last_totp_step  bigint not null,
  recovery_codes  text not null,
  created_at      timestamptz not null,
  last_sign_in_at timestamptz,
  -- A manager's store and a clerk's statement come from the roster.
  check (role in ('Hq', 'Finance') or staff is not null)
);

create unique index account_name on account (brand, normalized_name);

create table passkey (
  credential_id   bytea primary key,
  account         uuid not null references account,
  public_key      bytea not null,
  name            text,
  created_at      timestamptz not null,
  sign_count      bigint not null,
  transports      text not null,
  user_verified   boolean not null,
  backup_eligible boolean not null,
  backed_up       boolean not null
);

create index passkey_of_account on passkey (account);

create table invitation (
  token_hash text collate "C" primary key,
  account    uuid not null references account,
  invited_by uuid references account,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);

create index invitation_of_account on invitation (account);

-- Appended only: the triggers refuse everything else.
create table audit (
  id      bigint generated always as identity primary key,
  brand   text collate "C" not null references brand,
  at      timestamptz not null,
  who     uuid references account,
  what    text collate "C" not null,
  about   text,
  detail  text,
  address text
);

create index audit_of_brand on audit (brand, id);
create index audit_of_person on audit (brand, who, id);
create index audit_of_kind on audit (brand, what, id);

create function audit_refuse() returns trigger language plpgsql as $$ begin raise exception 'the audit log is only appended to'; end $$;
create trigger audit_stays before update or delete on audit for each row execute function audit_refuse();
create trigger audit_remains before truncate on audit for each statement execute function audit_refuse();

-- The key ring of cookies and forms.
create table protection_key (
  name text collate "C" primary key,
  xml  text not null
);
