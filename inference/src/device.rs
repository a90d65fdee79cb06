//! Where a model can be run, chosen at run time.

use std::panic;

use crate::error::Error;

/// A kind of processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Device {
    /// The machine's own processor.
    Cpu,
    /// Apple's graphics, with the feature `metal`.
    Metal,
    /// Nvidia's graphics, with the feature `cuda`.
    Cuda,
}

impl Device {
    /// Those of this machine that this build can use, the processor first. Looks for drivers; nothing is kept open.
    pub fn available() -> Vec<Self> {
        // A driver that is missing or older than the libraries can end in a panic there, which only says that it is not there.
        let opens = |device: &Self| panic::catch_unwind(|| device.open()).is_ok_and(|opened| opened.is_ok());
        [Self::Cpu, Self::Metal, Self::Cuda].into_iter().filter(|device| device.is_built_in()).filter(opens).collect()
    }

    /// The fastest of them for a model of some hundred million numbers or more.
    pub fn best() -> Self {
        Self::available().into_iter().next_back().unwrap_or(Self::Cpu)
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::Metal => "Metal",
            Self::Cuda => "CUDA",
        }
    }

    /// Whether this build has what it takes.
    fn is_built_in(self) -> bool {
        match self {
            Self::Cpu => true,
            Self::Metal => candle_core::utils::metal_is_available(),
            Self::Cuda => candle_core::utils::cuda_is_available(),
        }
    }

    /// The device as candle knows it.
    ///
    /// # Errors
    /// When this build or this machine does not have it.
    pub(crate) fn open(self) -> Result<candle_core::Device, Error> {
        Ok(match self {
            Self::Cpu => candle_core::Device::Cpu,
            Self::Metal => candle_core::Device::new_metal(0)?,
            Self::Cuda => candle_core::Device::new_cuda(0)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_always_there() {
        let available = Device::available();
        assert_eq!(available.first(), Some(&Device::Cpu));
        assert!(available.contains(&Device::best()));
    }

    #[test]
    fn what_is_not_built_in_is_an_error() {
        for device in [Device::Metal, Device::Cuda].into_iter().filter(|device| !device.is_built_in()) {
            assert!(matches!(device.open(), Err(Error::Compute(_))), "{device:?}");
            assert!(!Device::available().contains(&device));
        }
    }
}
