//! A private virtual desktop to run the real app on.
