-- Who may sign in to which brand, and what they did. Instants are UTC.
create table account (
  id              text primary key,
  brand           text not null references brand,
  role            text not null check (role in ('Hq', 'Finance', 'Manager', 'Clerk')),
  staff           text,
  sign_in_name    text,
  normalized_name text,
  display_name    text not null,
  password_hash   text,
  security_stamp  text not null,
  version         text not null,
  enabled         integer not null check (enabled in (0, 1)),
  failed_sign_ins integer not null,
  locked_until    text,
  two_factor      integer not null check (two_factor in (0, 1)),
  totp_key        text,
  last_totp_step  integer not null,
  recovery_codes  text not null,
  created_at      text not null,
  last_sign_in_at text,
  -- A manager's store and a clerk's statement come from the roster.
  check (role in ('Hq', 'Finance') or staff is not null)
) strict;

create unique index account_name on account (brand, normalized_name);

create table passkey (
  credential_id   blob primary key,
  account         text not null references account,
  public_key      blob not null,
  name            text,
  created_at      text not null,
  sign_count      integer not null,
  transports      text not null,
  user_verified   integer not null check (user_verified in (0, 1)),
  backup_eligible integer not null check (backup_eligible in (0, 1)),
  backed_up       integer not null check (backed_up in (0, 1))
) strict;

create index passkey_of_account on passkey (account);

create table invitation (
  token_hash text primary key,
  account    text not null references account,
  invited_by text references account,
  created_at text not null,
  expires_at text not null,
  used_at    text
) strict;

create index invitation_of_account on invitation (account);

-- Appended only: the triggers refuse everything else.
create table audit (
  id      integer primary key,
  brand   text not null references brand,
  at      text not null,
  who     text references account,
  what    text not null,
  about   text,
  detail  text,
  address text
) strict;

create index audit_of_brand on audit (brand, id);
create index audit_of_person on audit (brand, who, id);
create index audit_of_kind on audit (brand, what, id);

create trigger audit_stays before update on audit begin select raise(abort, 'the audit log is only appended to'); end;
create trigger audit_remains before delete on audit begin select raise(abort, 'the audit log is only appended to'); end;

-- The key ring of cookies and forms.
create table protection_key (
  name text primary key,
  xml  text not null
) strict, without rowid;
