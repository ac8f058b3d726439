//! Sessions as Django's caches keep them: `django.contrib.sessions.backends.cache` and `.cached_db`, over
//! `django.core.cache.backends.redis` or django-redis.

use std::io::Read;

use flate2::bufread::{GzDecoder, ZlibDecoder};
use flate2::read::{GzEncoder, ZlibEncoder};

use super::{SessionData, SessionKey};
use crate::json::{self, Constants, Reader, Value};
use crate::pickle::{self, MAX_PICKLED_VALUES, PickleError};
use crate::signing::MAX_INFLATED;

/// How a cache names and writes what it keeps: the options of an entry of `CACHES`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheFormat {
    /// `KEY_PREFIX`
    pub key_prefix: String,
    /// `VERSION`
    pub version: u32,
    /// `SERIALIZER`
    pub serializer: Serializer,
    /// `COMPRESSOR`
    pub compressor: Compressor,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serializer {
    /// `django.core.cache.backends.redis.RedisSerializer`, and django-redis' `PickleSerializer`.
    Pickle,
    /// django-redis' `JSONSerializer`.
    Json,
}

/// How that is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compressor {
    /// Not at all.
    None,
    /// django-redis' `ZlibCompressor`.
    Zlib,
    /// django-redis' `GzipCompressor`.
    Gzip,
}

/// The engine that keeps a session in a cache: each has keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheEngine {
    /// `django.contrib.sessions.backends.cache`
    Cache,
    /// `django.contrib.sessions.backends.cached_db`
    CachedDb,
}

/// Why what a cache keeps is not read, or what a session holds not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CacheFormatError {
    /// It is no pickle of plain values.
    #[error("the session's pickle is not read: {0}")]
    Pickle(#[from] PickleError),
    /// It is no JSON.
    #[error("the session is no JSON; `session.cache.serializer` names what `SERIALIZER` of the cache is")]
    Json,
    /// It is no dictionary.
    #[error("what the cache keeps there is no session")]
    NoSession,
    /// It is larger than [`MAX_CACHED`], or it holds too many values, or too deep ones.
    #[error(
        "the session is too large: a cache keeps a mebibyte of it at most, and {MAX_PICKLED_VALUES} values"
    )]
    TooLarge,
}

/// The largest session that a cache may keep, compressed or not, in bytes.
pub const MAX_CACHED: usize = MAX_INFLATED;

/// What is shorter is not compressed (`min_length` of django-redis' compressors).
const MIN_LENGTH: usize = 15;

impl CacheFormat {
    /// The key of a session in the cache (`BaseCache.make_key`).
    ///
    /// ```
    /// use doorward_django::sessions::{CacheEngine, CacheFormat, Compressor, Serializer, SessionKey};
    ///
    /// let (serializer, compressor) = (Serializer::Pickle, Compressor::None);
    /// let format = CacheFormat { key_prefix: "shop".to_owned(), version: 1, serializer, compressor };
    /// let key = SessionKey::parse("abcdefgh").unwrap();
    /// assert_eq!(format.key(CacheEngine::Cache, &key), "shop:1:django.contrib.sessions.cacheabcdefgh");
    /// ```
    #[must_use]
    pub fn key(&self, engine: CacheEngine, key: &SessionKey) -> String {
        let engine = match engine {
            CacheEngine::Cache => "django.contrib.sessions.cache",
            CacheEngine::CachedDb => "django.contrib.sessions.cached_db",
        };
        format!("{}:{}:{engine}{}", self.key_prefix, self.version, key.as_str())
    }

    /// What the cache keeps of that session.
    ///
    /// # Errors
    /// [`CacheFormatError::TooLarge`], for it could not be read again.
    pub fn encode(&self, data: &SessionData) -> Result<Vec<u8>, CacheFormatError> {
        if !pickle::is_readable(data) {
            return Err(CacheFormatError::TooLarge);
        }
        let plain = match self.serializer {
            Serializer::Pickle => pickle::dumps_object(data),
            Serializer::Json => json::dumps_object(data).into_bytes(),
        };
        match plain.len() > MAX_CACHED {
            true => Err(CacheFormatError::TooLarge),
            false => Ok(self.compressed(plain)),
        }
    }

    /// The session that the cache keeps so.
    ///
    /// # Errors
    /// [`CacheFormatError`] says why it is not read.
    pub fn decode(&self, kept: &[u8]) -> Result<SessionData, CacheFormatError> {
        let inflated = self.inflated(kept)?;
        let plain = inflated.as_deref().unwrap_or(kept);
        if plain.len() > MAX_CACHED {
            return Err(CacheFormatError::TooLarge);
        }
        let value = match self.serializer {
            Serializer::Pickle => pickle::loads(plain)?,
            Serializer::Json => read_json(plain).ok_or(CacheFormatError::Json)?,
        };
        match value {
            Value::Object(data) => Ok(data),
            _ => Err(CacheFormatError::NoSession),
        }
    }

    fn compressed(&self, plain: Vec<u8>) -> Vec<u8> {
        if plain.len() <= MIN_LENGTH {
            return plain;
        }
        let level = flate2::Compression::default();
        let mut shorter = Vec::new();
        let done = match self.compressor {
            Compressor::None => return plain,
            Compressor::Zlib => ZlibEncoder::new(&*plain, level).read_to_end(&mut shorter),
            Compressor::Gzip => GzEncoder::new(&*plain, level).read_to_end(&mut shorter),
        };
        // Both read what is not compressed, too.
        done.map_or(plain, |_| shorter)
    }

    /// `None` where it was not compressed: what is short never is.
    fn inflated(&self, kept: &[u8]) -> Result<Option<Vec<u8>>, CacheFormatError> {
        let mut plain = Vec::new();
        let most = MAX_CACHED as u64 + 1;
        let done = match (self.compressor, kept) {
            (Compressor::Zlib, [0x78, ..]) => ZlibDecoder::new(kept).take(most).read_to_end(&mut plain),
            (Compressor::Gzip, [0x1f, 0x8b, ..]) => GzDecoder::new(kept).take(most).read_to_end(&mut plain),
            _ => return Ok(None),
        };
        match done {
            Ok(_) => Ok(Some(plain)),
            Err(_) => Err(CacheFormatError::NoSession),
        }
    }
}

fn read_json(plain: &[u8]) -> Option<Value> {
    let reader = Reader {
        constants: Constants::Read,
        ..Reader::default()
    };
    reader.read(str::from_utf8(plain).ok()?).ok()
}

#[cfg(test)]
mod tests;
