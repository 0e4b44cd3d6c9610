"""Pages of assessment: the desk's, the examiner's on a phone, and the examinee's."""
