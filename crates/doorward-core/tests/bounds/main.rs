//! How long, how many, how deep: bounds are looked at before anything is computed of what they bound.

#[cfg(test)]
mod bodies;
#[cfg(test)]
mod names;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod site;
#[cfg(test)]
mod threads;
