//! Sessions in Redis or Valkey: one store for many machines.
//!
//! Each call is one command or one short script, and therefore atomic. Under the prefix `p` there are
//! `{p}:s:<id>`, a hash with the fields `v` (version), `e` (expiry), `u` (user) and `r` (record);
//! `{p}:u:<user>`, the set of a user's identifiers; and `{p}:expiry`, all identifiers by expiry.
//! The braces put them into one slot, so that a cluster accepts them too, on one of its nodes.
//!
//! Redis drops a record an hour after it has expired, in case nothing purges it. Until then, expiry
//! is decided by the caller's clock.
//!
//! What survives a crash of the server depends on its `appendonly` and `appendfsync`.

mod connection;
mod replies;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use redis::{FromRedisValue, Script, ScriptInvocation, Value};

use self::connection::Connection;
use crate::clock::UnixMillis;
use crate::id::IdHash;
use crate::record::Record;
use crate::store::{
    Created, FIRST_VERSION, Rotated, Rotation, Store, StoreError, Stored, Updated, Version,
};

/// A store in Redis or Valkey.
///
/// A call that has no answer by its deadline is [`StoreError::Unavailable`], and so is one whose
/// reply is longer than 8 MiB. The connection is made again by the next call.
#[derive(Clone)]
pub struct RedisStore {
    connection: Arc<Connection>,
    prefix: String,
    scripts: Arc<Scripts>,
}

struct Scripts {
    create: Script,
    update: Script,
    touch: Script,
    rotate: Script,
    delete: Script,
    by_user: Script,
    delete_by_user: Script,
    purge: Script,
}

impl RedisStore {
    /// How long a call may take, a new connection included.
    pub const DEADLINE: Duration = Duration::from_millis(800);

    /// The store at a URL such as `redis://127.0.0.1/0`, with keys that begin with
    /// `{cookiespec}`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the URL is invalid or no server answers there within
    /// [`RedisStore::DEADLINE`].
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connect_with_prefix(url, "cookiespec").await
    }

    /// As [`RedisStore::connect`], with another prefix, for applications that share a server. The
    /// prefix must contain no brace.
    ///
    /// # Errors
    /// As [`RedisStore::connect`].
    pub async fn connect_with_prefix(url: &str, prefix: &str) -> Result<Self, StoreError> {
        let connection = Arc::new(Connection::open(url, Self::DEADLINE).await?);
        let script = |body: &str| Script::new(&format!("{COMMON}{body}"));
        let scripts = Scripts {
            create: script(CREATE),
            update: script(UPDATE),
            touch: script(TOUCH),
            rotate: script(ROTATE),
            delete: script(DELETE),
            by_user: script(BY_USER),
            delete_by_user: script(DELETE_BY_USER),
            purge: script(PURGE),
        };
        Ok(Self { connection, prefix: format!("{{{prefix}}}:"), scripts: scripts.into() })
    }

    /// Runs a script, with the prefix as its only key and the current instant as first argument.
    async fn call<T: FromRedisValue>(
        &self,
        script: &Script,
        now: UnixMillis,
        arguments: impl FnOnce(&mut ScriptInvocation<'_>),
    ) -> Result<T, StoreError> {
        let mut invocation = script.key(&self.prefix);
        invocation.arg(now);
        arguments(&mut invocation);
        let call = async |mut connection| invocation.invoke_async(&mut connection).await;
        self.connection.call(call).await
    }
}

#[async_trait]
impl Store for RedisStore {
    async fn create(
        &self,
        id: &IdHash,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Created, StoreError> {
        let created: bool = self
            .call(&self.scripts.create, now, |arguments| {
                arguments.arg(id.as_octets());
                add_record(arguments, record);
            })
            .await?;
        Ok(if created { Created::Done(FIRST_VERSION) } else { Created::Taken })
    }

    async fn load(&self, id: &IdHash, now: UnixMillis) -> Result<Option<Stored>, StoreError> {
        let key = [self.prefix.as_bytes(), b"s:", id.as_octets()].concat();
        let mut command = redis::cmd("HMGET");
        command.arg(key).arg("v").arg("e").arg("r");
        let call = async |mut connection| command.query_async(&mut connection).await;
        let fields: Vec<Value> = self.connection.call(call).await?;
        let [version, expires, octets] = fields.as_slice() else {
            return Err(StoreError::Corrupt);
        };
        if *version == Value::Nil && *octets == Value::Nil {
            return Ok(None);
        }
        let (Some(version), Some(expires)) = (number(version), number(expires)) else {
            return Err(StoreError::Corrupt);
        };
        if expires <= now {
            return Ok(None);
        }
        let Value::BulkString(octets) = octets else { return Err(StoreError::Corrupt) };
        let version = u64::try_from(version).map_err(|_| StoreError::Corrupt)?;
        Ok(Some(Stored { record: Record::from_octets(octets, expires)?, version }))
    }

    async fn update(
        &self,
        id: &IdHash,
        version: Version,
        record: &Record,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        let reply: String = self
            .call(&self.scripts.update, now, |arguments| {
                arguments.arg(id.as_octets()).arg(version);
                add_record(arguments, record);
            })
            .await?;
        updated(&reply, version + 1)
    }

    async fn touch(
        &self,
        id: &IdHash,
        version: Version,
        expires: UnixMillis,
        now: UnixMillis,
    ) -> Result<Updated, StoreError> {
        let reply: String = self
            .call(&self.scripts.touch, now, |arguments| {
                arguments.arg(id.as_octets()).arg(version).arg(expires);
            })
            .await?;
        updated(&reply, version)
    }

    async fn rotate(
        &self,
        rotation: &Rotation<'_>,
        now: UnixMillis,
    ) -> Result<Rotated, StoreError> {
        let Rotation { from, version, to, record, leave } = *rotation;
        let reply: String = self
            .call(&self.scripts.rotate, now, |arguments| {
                arguments.arg(from.as_octets()).arg(version).arg(to.as_octets());
                add_record(arguments, record);
                if let Some(left) = leave {
                    add_record(arguments, left);
                }
            })
            .await?;
        match reply.as_str() {
            "done" => Ok(Rotated::Done(FIRST_VERSION)),
            "gone" => Ok(Rotated::Gone),
            "conflict" => Ok(Rotated::Conflict),
            "taken" => Ok(Rotated::Taken),
            _ => Err(unknown(&reply)),
        }
    }

    async fn delete(&self, id: &IdHash, now: UnixMillis) -> Result<bool, StoreError> {
        self.call(&self.scripts.delete, now, |arguments| {
            arguments.arg(id.as_octets());
        })
        .await
    }

    async fn by_user(&self, user: &str, now: UnixMillis) -> Result<Vec<IdHash>, StoreError> {
        let ids: Vec<Vec<u8>> = self
            .call(&self.scripts.by_user, now, |arguments| {
                arguments.arg(user);
            })
            .await?;
        let mut hashes = Vec::with_capacity(ids.len());
        for octets in ids {
            let octets = octets.try_into().map_err(|_| StoreError::Corrupt)?;
            hashes.push(IdHash::from_octets(octets));
        }
        hashes.sort_unstable();
        Ok(hashes)
    }

    async fn delete_by_user(
        &self,
        user: &str,
        keep: Option<&IdHash>,
        now: UnixMillis,
    ) -> Result<usize, StoreError> {
        self.call(&self.scripts.delete_by_user, now, |arguments| {
            let keep = keep.map_or(&b""[..], |keep| keep.as_octets());
            arguments.arg(user).arg(keep);
        })
        .await
    }

    async fn purge(&self, now: UnixMillis) -> Result<usize, StoreError> {
        let mut purged = 0;
        // Some records at a time: a script blocks all other clients.
        loop {
            let removed: usize = self
                .call(&self.scripts.purge, now, |arguments| {
                    arguments.arg(PURGED_AT_ONCE);
                })
                .await?;
            purged += removed;
            if removed < PURGED_AT_ONCE {
                return Ok(purged);
            }
        }
    }
}

/// Adds three arguments: expiry, user (`u` and the name, or empty for none) and record.
fn add_record(arguments: &mut ScriptInvocation<'_>, record: &Record) {
    let user = record.user.as_ref().map_or_else(String::new, |user| format!("u{user}"));
    arguments.arg(record.expires).arg(user).arg(record.to_octets());
}

fn updated(reply: &str, version: Version) -> Result<Updated, StoreError> {
    match reply {
        "done" => Ok(Updated::Done(version)),
        "gone" => Ok(Updated::Gone),
        "conflict" => Ok(Updated::Conflict),
        _ => Err(unknown(reply)),
    }
}

fn unknown(reply: &str) -> StoreError {
    StoreError::Unavailable(format!("a script returned the unknown reply {reply:?}").into())
}

fn number(value: &Value) -> Option<i64> {
    let Value::BulkString(octets) = value else { return None };
    std::str::from_utf8(octets).ok()?.parse().ok()
}

impl From<redis::RedisError> for StoreError {
    fn from(error: redis::RedisError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// Functions that the scripts share. Lua's numbers are exact for instants and versions: both are far
/// below 2^53.
const COMMON: &str = "
local now = tonumber(ARGV[1])
local function session(id) return KEYS[1] .. 's:' .. id end
local function version(id)
  local fields = redis.call('HMGET', session(id), 'v', 'e')
  if fields[2] and tonumber(fields[2]) > now then return fields[1] end
end
local function forget(id)
  local user = redis.call('HGET', session(id), 'u')
  if user and user ~= '' then
    redis.call('SREM', KEYS[1] .. 'u:' .. string.sub(user, 2), id)
  end
  redis.call('DEL', session(id))
  return redis.call('ZREM', KEYS[1] .. 'expiry', id)
end
local function expire(id, expires)
  redis.call('ZADD', KEYS[1] .. 'expiry', expires, id)
  local grace = 3600000
  redis.call('PEXPIRE', session(id), math.max(tonumber(expires) - now, 0) + grace)
end
local function put(id, version, at)
  forget(id)
  local expires, user, record = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  redis.call('HSET', session(id), 'v', version, 'e', expires, 'u', user, 'r', record)
  if user ~= '' then redis.call('SADD', KEYS[1] .. 'u:' .. string.sub(user, 2), id) end
  expire(id, expires)
end
";
const CREATE: &str = "
if version(ARGV[2]) then return 0 end
put(ARGV[2], 1, 3)
return 1
";
const UPDATE: &str = "
local present = version(ARGV[2])
if not present then return 'gone' end
if present ~= ARGV[3] then return 'conflict' end
put(ARGV[2], present + 1, 4)
return 'done'
";
const TOUCH: &str = "
local present = version(ARGV[2])
if not present then return 'gone' end
if present ~= ARGV[3] then return 'conflict' end
redis.call('HSET', session(ARGV[2]), 'e', ARGV[4])
expire(ARGV[2], ARGV[4])
return 'done'
";
const ROTATE: &str = "
local present = version(ARGV[2])
if not present then return 'gone' end
if present ~= ARGV[3] then return 'conflict' end
if version(ARGV[4]) then return 'taken' end
put(ARGV[4], 1, 5)
if ARGV[8] then put(ARGV[2], present + 1, 8) else forget(ARGV[2]) end
return 'done'
";
const DELETE: &str = "
local present = version(ARGV[2])
forget(ARGV[2])
return present and 1 or 0
";
const BY_USER: &str = "
local set, live = KEYS[1] .. 'u:' .. ARGV[2], {}
for _, id in ipairs(redis.call('SMEMBERS', set)) do
  if version(id) then
    live[#live + 1] = id
  elseif redis.call('EXISTS', session(id)) == 0 then
    redis.call('SREM', set, id)
  end
end
return live
";
const DELETE_BY_USER: &str = "
local set, deleted = KEYS[1] .. 'u:' .. ARGV[2], 0
for _, id in ipairs(redis.call('SMEMBERS', set)) do
  if id ~= ARGV[3] then
    if version(id) then deleted = deleted + 1 end
    forget(id)
    redis.call('SREM', set, id)
  end
end
return deleted
";
const PURGE: &str = "
local expired = redis.call('ZRANGEBYSCORE', KEYS[1] .. 'expiry', '-inf', now, 'LIMIT', 0, ARGV[2])
for _, id in ipairs(expired) do forget(id) end
return #expired
";
const PURGED_AT_ONCE: usize = 500;
