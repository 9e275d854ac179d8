//! The ad-hoc signature of a macOS executable: the hashes of its pages must be those of the file.
//!
//! Layout as in Apple's `cs_blobs.h` (xnu): a super blob that lists blobs, one of them the code directory; all
//! numbers are big-endian.

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};

const SUPER_BLOB: u32 = 0xfade_0cc0;
const CODE_DIRECTORY: u32 = 0xfade_0c02;
/// `CS_HASHTYPE_SHA256`.
const SHA256: u8 = 2;

/// Checks the signature of `file` and returns how many pages it covers.
///
/// # Errors
///
/// The signature is malformed, or a page is not what was signed.
pub(super) fn check(file: &[u8], signature: &[u8]) -> Result<usize> {
    ensure!(
        number(signature, 0)? == SUPER_BLOB,
        "the signature is no super blob"
    );
    let count = number(signature, 8)?;
    let mut directory = None;
    for index in 0..usize::try_from(count)? {
        let offset = usize::try_from(number(signature, 12 + 8 * index + 4)?)?;
        if number(signature, offset)? == CODE_DIRECTORY {
            directory = Some(
                signature
                    .get(offset..)
                    .context("the signature ends early")?,
            );
        }
    }
    let directory = directory.context("the signature has no code directory")?;
    let hashes = usize::try_from(number(directory, 16)?)?;
    let slots = usize::try_from(number(directory, 28)?)?;
    let limit = usize::try_from(number(directory, 32)?)?;
    let [hash_size, hash_type, _, page_size] = number(directory, 36)?.to_be_bytes();
    ensure!(
        hash_type == SHA256 && usize::from(hash_size) == Sha256::output_size(),
        "the hashes are of an unknown kind"
    );
    ensure!(
        (12..=20).contains(&page_size),
        "the pages are of a strange size: 2 to the power of {page_size}"
    );
    let signed = file.get(..limit).context("more is signed than there is")?;
    let pages = signed.chunks(1 << page_size);
    ensure!(
        pages.len() == slots,
        "{} pages, but {slots} hashes",
        pages.len()
    );
    for (index, page) in pages.enumerate() {
        let start = hashes + index * usize::from(hash_size);
        let hash = directory
            .get(start..start + usize::from(hash_size))
            .context("the code directory ends early")?;
        ensure!(
            hash == Sha256::digest(page).as_slice(),
            "page {index} is not what was signed"
        );
    }
    Ok(slots)
}

fn number(bytes: &[u8], at: usize) -> Result<u32> {
    let four = bytes
        .get(at..at + 4)
        .and_then(|four| four.try_into().ok())
        .context("the signature ends early")?;
    Ok(u32::from_be_bytes(four))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A signature over a file of `pages` pages of 4096 bytes.
    fn signature(file: &[u8]) -> Vec<u8> {
        let pages: Vec<_> = file.chunks(4096).collect();
        let mut directory = Vec::new();
        let header = [
            CODE_DIRECTORY,
            0,
            0x2_0400,
            2,
            44,
            40,
            0,
            u32::try_from(pages.len()).unwrap(),
        ];
        for word in header
            .into_iter()
            .chain([u32::try_from(file.len()).unwrap()])
        {
            directory.extend(word.to_be_bytes());
        }
        directory.extend([32, SHA256, 0, 12]);
        directory.extend([0; 4]);
        for page in pages {
            directory.extend_from_slice(&Sha256::digest(page));
        }
        let mut whole = Vec::new();
        for word in [SUPER_BLOB, 0, 1, 0, 20] {
            whole.extend(word.to_be_bytes());
        }
        whole.extend(directory);
        whole
    }

    #[test]
    fn a_file_as_it_was_signed_is_accepted_and_a_changed_byte_is_found_with_its_page() {
        let mut file = vec![7; 10_000];
        let signature = signature(&file);
        assert_eq!(check(&file, &signature).unwrap(), 3);
        file[5_000] = 8;
        assert_eq!(
            check(&file, &signature).unwrap_err().to_string(),
            "page 1 is not what was signed"
        );
    }

    #[test]
    fn a_signature_that_ends_early_is_an_error() {
        let file = vec![7; 10_000];
        let signature = signature(&file);
        for length in 0..signature.len() {
            assert!(check(&file, &signature[..length]).is_err(), "{length}");
        }
    }
}
