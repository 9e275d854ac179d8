//! Plans: how a Rust type is read from values of a wire type, worked out once for each pair of types.

use std::any::TypeId;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::error::{Error, ErrorKind, Result};
use crate::types::{Opaque, Shape, TypeRef, TypeTable};

/// The number of a plan. Types that need no plan ignore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanId(pub(crate) u32);

impl PlanId {
    /// For types that need no plan.
    pub(crate) const LEAF: Self = Self(0);

    /// The plan of a dynamic value, which is read by its wire type alone.
    pub(crate) fn of_type(type_ref: TypeRef) -> Self {
        Self(type_ref.to_bits())
    }

    pub(crate) fn type_ref(self) -> TypeRef {
        TypeRef::from_bits(self.0)
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Plan {
    /// Not finished yet. A type that contains itself refers to its plan before it is finished.
    Unfinished,
    Struct {
        members: Box<[FieldPlan]>,
        in_common: bool,
    },
    Sequence {
        element: PlanId,
    },
    Map {
        key: PlanId,
        value: PlanId,
    },
}

/// What to do with a field of the wire type.
#[derive(Debug, Clone, Copy)]
pub(crate) enum FieldPlan {
    /// It is read into the field of the Rust struct with this index.
    Known { slot: u32, plan: PlanId },
    /// The Rust struct has no such field.
    Unknown(TypeRef),
}

/// A field of a Rust struct, to be matched with a field of the wire type.
#[derive(Debug)]
pub struct FieldPlanner {
    /// The field's name on the wire.
    pub name: &'static str,
    /// The `plan` function of the field's type.
    pub plan: fn(&mut Planner<'_>, TypeRef) -> Result<PlanId>,
}

/// The plans of a stream. A clone shares them until one of the two adds a plan.
#[derive(Debug, Default, Clone)]
pub(crate) struct Plans(Arc<KnownPlans>);

#[derive(Debug, Default, Clone)]
struct KnownPlans {
    plans: Vec<Plan>,
    known: FxHashMap<(TypeId, TypeRef), PlanId>,
}

impl Plans {
    #[inline]
    pub(crate) fn plan(&self, id: PlanId) -> Option<&Plan> {
        self.0.plans.get(id.0 as usize)
    }

    /// The number of plans.
    pub(crate) fn len(&self) -> usize {
        self.0.plans.len()
    }

    fn known(&self, key: &(TypeId, TypeRef)) -> Option<PlanId> {
        self.0.known.get(key).copied()
    }

    fn begin(&mut self, key: (TypeId, TypeRef)) -> PlanId {
        let known = Arc::make_mut(&mut self.0);
        let id = PlanId(known.plans.len() as u32);
        known.plans.push(Plan::Unfinished);
        known.known.insert(key, id);
        id
    }

    fn finish(&mut self, id: PlanId, plan: Plan) {
        Arc::make_mut(&mut self.0).plans[id.0 as usize] = plan;
    }

    fn truncate(&mut self, length: usize) {
        if self.len() > length {
            let known = Arc::make_mut(&mut self.0);
            known.plans.truncate(length);
            known.known.retain(|_, id| (id.0 as usize) < length);
        }
    }
}

/// Makes plans; the argument of [`Decode::plan`](crate::Decode::plan).
///
/// What is generic over the Rust type only names it, and the rest is compiled once.
#[derive(Debug)]
pub struct Planner<'a> {
    types: &'a TypeTable,
    plans: &'a mut Plans,
    depth: usize,
    depth_limit: usize,
    /// Whether the next type is that of a whole value: a struct must have a field in common with the Rust struct then.
    whole: bool,
}

impl<'a> Planner<'a> {
    /// The plan by which `T` is read from a whole value of the type: at top level or in an interface value.
    pub(crate) fn plan_whole(
        types: &'a TypeTable,
        plans: &'a mut Plans,
        depth_limit: usize,
        type_ref: TypeRef,
        plan: fn(&mut Planner<'_>, TypeRef) -> Result<PlanId>,
    ) -> Result<PlanId> {
        let before = plans.len();
        let mut planner = Planner {
            types,
            plans,
            depth: 0,
            depth_limit,
            whole: true,
        };
        let outcome = plan(&mut planner, type_ref);
        if outcome.is_err() {
            // Unfinished plans must not be found by the next attempt.
            plans.truncate(before);
        }
        outcome
    }

    /// Plans a struct. Its fields are matched by name.
    ///
    /// # Errors
    ///
    /// The wire type is not a struct, or the type of a field does not fit.
    pub fn structure<T: 'static>(
        &mut self,
        name: &'static str,
        type_ref: TypeRef,
        fields: &[FieldPlanner],
    ) -> Result<PlanId> {
        self.structure_of(TypeId::of::<T>(), name, type_ref, fields)
    }

    fn structure_of(
        &mut self,
        key: TypeId,
        name: &'static str,
        type_ref: TypeRef,
        fields: &[FieldPlanner],
    ) -> Result<PlanId> {
        let whole = self.whole;
        let Some(Shape::Struct {
            fields: wire_fields,
        }) = self.types.shape(type_ref)
        else {
            return Err(self.wrong_type(name, type_ref));
        };
        let id = self.remembered((key, type_ref), |planner| {
            let mut in_common = fields.is_empty() || wire_fields.is_empty();
            let mut members = Vec::with_capacity(wire_fields.len());
            for wire_field in wire_fields {
                let slot = fields
                    .iter()
                    .position(|field| field.name == wire_field.name);
                members.push(match slot {
                    None => FieldPlan::Unknown(wire_field.type_ref),
                    Some(slot) => {
                        in_common = true;
                        let field = &fields[slot];
                        let plan = (field.plan)(planner, wire_field.type_ref);
                        FieldPlan::Known {
                            slot: slot as u32,
                            plan: plan.map_err(|error| error.in_field(name, field.name))?,
                        }
                    }
                });
            }
            Ok(Plan::Struct {
                members: members.into(),
                in_common,
            })
        })?;
        if whole
            && matches!(
                self.plans.plan(id),
                Some(Plan::Struct {
                    in_common: false,
                    ..
                })
            )
        {
            return Err(ErrorKind::NoFieldsMatched {
                expected: name,
                received: self.types.name(type_ref),
            }
            .into());
        }
        Ok(id)
    }

    /// Plans a slice or an array.
    pub(crate) fn sequence<T: 'static>(
        &mut self,
        type_ref: TypeRef,
        element: TypeRef,
        plan: fn(&mut Planner<'_>, TypeRef) -> Result<PlanId>,
    ) -> Result<PlanId> {
        self.sequence_of(TypeId::of::<T>(), type_ref, element, plan)
    }

    fn sequence_of(
        &mut self,
        key: TypeId,
        type_ref: TypeRef,
        element: TypeRef,
        plan: fn(&mut Planner<'_>, TypeRef) -> Result<PlanId>,
    ) -> Result<PlanId> {
        self.remembered((key, type_ref), |planner| {
            Ok(Plan::Sequence {
                element: plan(planner, element)?,
            })
        })
    }

    /// Plans a map.
    ///
    /// # Errors
    ///
    /// The wire type is not a map, or the type of its keys or values does not fit.
    pub fn map<T: 'static>(
        &mut self,
        type_ref: TypeRef,
        plan_key: fn(&mut Planner<'_>, TypeRef) -> Result<PlanId>,
        plan_value: fn(&mut Planner<'_>, TypeRef) -> Result<PlanId>,
    ) -> Result<PlanId> {
        self.map_of(TypeId::of::<T>(), type_ref, plan_key, plan_value)
    }

    fn map_of(
        &mut self,
        key: TypeId,
        type_ref: TypeRef,
        plan_key: fn(&mut Planner<'_>, TypeRef) -> Result<PlanId>,
        plan_value: fn(&mut Planner<'_>, TypeRef) -> Result<PlanId>,
    ) -> Result<PlanId> {
        let Some(Shape::Map { key: keys, element }) = self.types.shape(type_ref) else {
            return Err(self.wrong_type("map", type_ref));
        };
        self.remembered((key, type_ref), |planner| {
            let key = plan_key(planner, *keys).map_err(Error::in_key)?;
            let value = plan_value(planner, *element).map_err(Error::in_value)?;
            Ok(Plan::Map { key, value })
        })
    }

    /// Plans a type that contains no others.
    pub(crate) fn leaf(
        &self,
        name: &'static str,
        wanted: TypeRef,
        type_ref: TypeRef,
    ) -> Result<PlanId> {
        if type_ref == wanted {
            Ok(PlanId::LEAF)
        } else {
            Err(self.wrong_type(name, type_ref))
        }
    }

    /// Plans an interface value. What it holds is planned when it is read.
    ///
    /// # Errors
    ///
    /// The wire type is not an interface.
    pub fn interface(&self, type_ref: TypeRef) -> Result<PlanId> {
        self.leaf("interface", TypeRef::INTERFACE, type_ref)
    }

    /// Plans a type that decodes itself.
    ///
    /// # Errors
    ///
    /// The wire type does not encode itself, or does so by another of Go's interfaces.
    pub fn opaque_of<T: Opaque>(&self, type_ref: TypeRef) -> Result<PlanId> {
        match self.types.shape(type_ref) {
            Some(Shape::Opaque(received)) if *received == T::KIND => Ok(PlanId::LEAF),
            _ => Err(self.wrong_type(T::NAME, type_ref)),
        }
    }

    pub(crate) fn shape(&self, type_ref: TypeRef) -> Option<&'a Shape> {
        self.types.shape(type_ref)
    }

    #[cold]
    pub(crate) fn wrong_type(&self, expected: &'static str, type_ref: TypeRef) -> Error {
        ErrorKind::WrongType {
            expected,
            received: self.types.name(type_ref),
        }
        .into()
    }

    fn remembered(
        &mut self,
        key: (TypeId, TypeRef),
        work_out: impl FnOnce(&mut Self) -> Result<Plan>,
    ) -> Result<PlanId> {
        self.whole = false;
        if let Some(id) = self.plans.known(&key) {
            return Ok(id);
        }
        // A Rust type that contains itself can be matched with ever new wire types.
        if self.depth >= self.depth_limit {
            return Err(ErrorKind::TooDeep {
                limit: self.depth_limit,
            }
            .into());
        }
        let id = self.plans.begin(key);
        self.depth += 1;
        let plan = work_out(self)?;
        self.depth -= 1;
        self.plans.finish(id, plan);
        Ok(id)
    }
}
