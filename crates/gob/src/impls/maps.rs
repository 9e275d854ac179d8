//! Maps.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use crate::decode::{Decode, PlanId, Planner, Reader, preallocation};
use crate::encode::{Describer, Encode, Writer};
use crate::error::{Error, Result};
use crate::types::{TypeRef, WireTypeId};

fn decode_entries<K: Decode, V: Decode>(
    plan: PlanId,
    reader: &mut Reader<'_>,
    mut insert: impl FnMut(usize, K, V),
) -> Result<()> {
    let (count, key_plan, value_plan) = reader.map(plan)?;
    reader.charge::<(K, V)>(count)?;
    for left in (0..count).rev() {
        let key = K::decode(key_plan, reader).map_err(Error::in_key)?;
        let value = V::decode(value_plan, reader).map_err(Error::in_value)?;
        insert(left, key, value);
    }
    reader.leave();
    Ok(())
}

fn encode_entries<'a, K: Encode + 'a, V: Encode + 'a>(
    entries: impl ExactSizeIterator<Item = (&'a K, &'a V)>,
    writer: &mut Writer<'_>,
) -> Result<()> {
    writer.begin(entries.len())?;
    for (key, value) in entries {
        key.encode(writer).map_err(Error::in_key)?;
        value.encode(writer).map_err(Error::in_value)?;
    }
    writer.leave();
    Ok(())
}

impl<K: Decode + Ord, V: Decode> Decode for BTreeMap<K, V> {
    fn zero() -> Self {
        Self::new()
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        planner.map::<Self>(type_ref, K::plan, V::plan)
    }

    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        let mut map = Self::new();
        decode_entries(plan, reader, |_, key, value| drop(map.insert(key, value)))?;
        Ok(map)
    }
}

impl<K: Encode, V: Encode> Encode for BTreeMap<K, V> {
    fn describe(describer: &mut Describer) -> Result<WireTypeId> {
        describer.map(K::describe, V::describe)
    }

    /// Go leaves out a nil map and sends an empty one; here `Option<BTreeMap<…>>` makes the difference.
    fn is_zero(&self) -> bool {
        self.is_empty()
    }

    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        encode_entries(self.iter(), writer)
    }
}

impl<K: Decode + Eq + Hash, V: Decode, S: BuildHasher + Default + 'static> Decode
    for HashMap<K, V, S>
{
    fn zero() -> Self {
        Self::default()
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        planner.map::<Self>(type_ref, K::plan, V::plan)
    }

    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        let mut map = Self::default();
        decode_entries(plan, reader, |left, key, value| {
            if map.is_empty() {
                map.reserve(preallocation::<(K, V)>(left + 1));
            }
            map.insert(key, value);
        })?;
        Ok(map)
    }
}

impl<K: Encode, V: Encode, S> Encode for HashMap<K, V, S> {
    fn describe(describer: &mut Describer) -> Result<WireTypeId> {
        describer.map(K::describe, V::describe)
    }

    fn is_zero(&self) -> bool {
        self.is_empty()
    }

    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        encode_entries(self.iter(), writer)
    }
}
