"""The order of the chain as the database itself keeps it: whoever writes, by whatever way.

A guard is a trigger that asks what a row rests on. It knows the same steps as `certificates.rules`, in
their coarse form: what it lets through may still be refused there, and never the other way round.
"""

import tenants.guards
from tenants.append_only import PUTTING_BACK

_HEAD = """
CREATE OR REPLACE FUNCTION public.{name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    base record;
    kind record;
    said record;
    earlier bigint;
    percent integer;
    later text[] := ARRAY['status', 'revoked_on', 'revoke_code', 'revoke_reason', 'revoked_by_id',
        'revoke_asked_by_id', 'pdf_sha256', 'reissue_on', 'reissue_by_id', 'reissue_reason'];
    an_end text[] := later[1:6];
    a_release text[] := later[8:10];
    was jsonb;
    is_now jsonb;
BEGIN
"""
_TAIL = """
    RETURN NEW;
END
$$
"""
_REFUSE = "USING ERRCODE = 'check_violation'"

#: What of a certificate may still be written, in which order; and on what a new one rests.
_CERTIFICATE = (
    _HEAD.format(name="guard_certificate")
    + f"""
    IF TG_OP = 'UPDATE' THEN
        was := to_jsonb(OLD);
        is_now := to_jsonb(NEW);
        IF was - later IS DISTINCT FROM is_now - later THEN
            RAISE EXCEPTION 'certificate %: what was issued is frozen; correct it by a new version',
                OLD.number {_REFUSE};
        END IF;
        IF OLD.status <> 'valid'
            AND (SELECT jsonb_object_agg(k, was -> k) FROM unnest(an_end) k)
                IS DISTINCT FROM (SELECT jsonb_object_agg(k, is_now -> k) FROM unnest(an_end) k) THEN
            RAISE EXCEPTION 'certificate %: it has ended, and stays ended', OLD.number {_REFUSE};
        END IF;
        IF OLD.reissue_on IS NOT NULL
            AND (SELECT jsonb_object_agg(k, was -> k) FROM unnest(a_release) k)
                IS DISTINCT FROM (SELECT jsonb_object_agg(k, is_now -> k) FROM unnest(a_release) k)
            OR NEW.reissue_on IS NOT NULL AND NEW.status <> 'revoked' THEN
            RAISE EXCEPTION 'certificate %: a release follows a revocation, once', OLD.number
                {_REFUSE};
        END IF;
        IF OLD.pdf_sha256 <> '' AND OLD.pdf_sha256 <> NEW.pdf_sha256 THEN
            RAISE EXCEPTION 'certificate %: its paper is made once', OLD.number {_REFUSE};
        END IF;
        RETURN NEW;
    END IF;
    IF current_setting('{PUTTING_BACK}', true) = 'on' THEN
        RETURN NEW;
    END IF;
    IF NEW.status <> 'valid' THEN
        RAISE EXCEPTION 'certificate %: it begins as valid', NEW.number {_REFUSE};
    END IF;
    EXECUTE format(
        'SELECT e.trainee_id, c.id, c.state, c.project_key, c.rule_set_id, r.attendance_percent,'
        ' r.theory_percent, r.practice_percent, r.pass_theory, r.pass_practice'
        ' FROM %1$I.courses_enrolment e'
        ' JOIN %1$I.courses_trainingclass c ON c.id = e.training_class_id'
        ' JOIN public.directory_ruleset r ON r.id = c.rule_set_id WHERE e.id = $1',
        TG_TABLE_SCHEMA) INTO base USING NEW.enrolment_id;
    IF (base.trainee_id, base.project_key, base.rule_set_id, base.pass_theory, base.pass_practice)
        IS DISTINCT FROM
        (NEW.trainee_id, NEW.project_key, NEW.rule_set_id, NEW.pass_theory, NEW.pass_practice) THEN
        RAISE EXCEPTION 'certificate %: person, project or rules are not those of the class',
            NEW.number {_REFUSE};
    END IF;
    IF base.state <> 'finished' THEN
        RAISE EXCEPTION 'certificate %: the class is not finished', NEW.number {_REFUSE};
    END IF;
    FOR kind IN EXECUTE format(
        'SELECT s.kind, sum(s.minutes) AS planned, count(*) AS sessions,'
        ' count(a.id) FILTER (WHERE l.review = ''accepted'') AS accepted,'
        ' coalesce(sum(a.minutes) FILTER (WHERE l.review = ''accepted''), 0) AS attended'
        ' FROM %1$I.courses_villagesession s'
        ' LEFT JOIN %1$I.courses_attendance a ON a.session_id = s.id AND a.enrolment_id = $2'
        ' AND a.state = ''clear'''
        ' LEFT JOIN %1$I.fieldlog_sessionlog l ON l.session_id = s.id'
        ' WHERE s.training_class_id = $1 GROUP BY ROLLUP (s.kind)',
        TG_TABLE_SCHEMA) USING base.id, NEW.enrolment_id
    LOOP
        percent := CASE kind.kind WHEN 'theory' THEN base.theory_percent
            WHEN 'practice' THEN base.practice_percent ELSE base.attendance_percent END;
        IF kind.attended < ceil(kind.planned * percent / 100.0) OR kind.accepted < kind.sessions
            OR kind.kind IS NULL AND (
                NEW.planned_minutes <> kind.planned OR NEW.attended_minutes > kind.attended
                OR NEW.required_minutes < ceil(kind.planned * percent / 100.0)
                OR NEW.sessions_planned <> kind.sessions) THEN
            RAISE EXCEPTION 'certificate %: not trained by the accepted attendance', NEW.number
                {_REFUSE};
        END IF;
    END LOOP;
    EXECUTE format('SELECT theory, practice FROM %I.courses_score WHERE enrolment_id = $1'
        ' ORDER BY id DESC LIMIT 1', TG_TABLE_SCHEMA) INTO said USING NEW.enrolment_id;
    IF (said.theory, said.practice) IS DISTINCT FROM (NEW.theory_score, NEW.practice_score) THEN
        RAISE EXCEPTION 'certificate %: its scores are not those of the assessment', NEW.number
            {_REFUSE};
    END IF;
"""
    + _TAIL
)

#: Nothing is known of a holder without a certificate that is valid when it is said.
_OUTCOME = (
    _HEAD.format(name="guard_outcome")
    + f"""
    IF current_setting('{PUTTING_BACK}', true) = 'on' THEN
        RETURN NEW;
    END IF;
    EXECUTE format('SELECT status, enrolment_id FROM %I.certificates_certificate WHERE id = $1'
        ' FOR SHARE', TG_TABLE_SCHEMA) INTO base USING NEW.certificate_id;
    IF base.status <> 'valid' AND NOT (NEW.kind = 'unknown' AND NEW.replaces_id IS NOT NULL) THEN
        RAISE EXCEPTION 'outcome of certificate %: the certificate is not valid', NEW.certificate_id
            {_REFUSE};
    END IF;
    FOREACH earlier IN ARRAY ARRAY[NEW.replaces_id, NEW.ends_id] LOOP
        CONTINUE WHEN earlier IS NULL;
        EXECUTE format('SELECT c.enrolment_id FROM %1$I.certificates_outcome o'
            ' JOIN %1$I.certificates_certificate c ON c.id = o.certificate_id WHERE o.id = $1',
            TG_TABLE_SCHEMA) INTO said USING earlier;
        IF said.enrolment_id IS DISTINCT FROM base.enrolment_id THEN
            RAISE EXCEPTION 'outcome of certificate %: it overrules or ends what was said of somebody'
                ' else', NEW.certificate_id {_REFUSE};
        END IF;
    END LOOP;
"""
    + _TAIL
)

#: A certificate is of somebody who is in the class, and whoever holds one stays there; a class takes
#: no more than its places.
_CERTIFICATE_ON_ROLL = (
    _HEAD.format(name="guard_certificate_on_roll")
    + f"""
    IF current_setting('{PUTTING_BACK}', true) = 'on' THEN
        RETURN NEW;
    END IF;
    EXECUTE format('SELECT state FROM %I.courses_enrolment WHERE id = $1 FOR SHARE',
        TG_TABLE_SCHEMA) INTO base USING NEW.enrolment_id;
    IF base.state IS DISTINCT FROM 'enrolled' THEN
        RAISE EXCEPTION 'certificate %: its holder is not on the roll of the class', NEW.number
            {_REFUSE};
    END IF;
"""
    + _TAIL
)
_ENROLMENT = (
    _HEAD.format(name="guard_enrolment")
    + f"""
    IF current_setting('{PUTTING_BACK}', true) = 'on' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.trainee_id, OLD.training_class_id)
            IS DISTINCT FROM (NEW.trainee_id, NEW.training_class_id) THEN
            RAISE EXCEPTION 'enrolment %: person and class stay; a transfer is a row of its own',
                OLD.id {_REFUSE};
        END IF;
        IF OLD.state = NEW.state THEN
            RETURN NEW;
        END IF;
        IF OLD.state = 'enrolled' THEN
            EXECUTE format('SELECT number FROM %I.certificates_certificate'
                ' WHERE enrolment_id = $1 AND status = ''valid'' LIMIT 1', TG_TABLE_SCHEMA)
                INTO said USING NEW.id;
            IF said.number IS NOT NULL THEN
                RAISE EXCEPTION 'enrolment %: certificate % keeps it in the class', NEW.id, said.number
                    {_REFUSE};
            END IF;
        END IF;
    END IF;
    IF NEW.state = 'enrolled' THEN
        EXECUTE format('SELECT places FROM %I.intake_classsize WHERE training_class_id = $1'
            ' ORDER BY id DESC LIMIT 1', TG_TABLE_SCHEMA) INTO base USING NEW.training_class_id;
        IF base.places IS NOT NULL THEN
            EXECUTE format('SELECT count(*) AS people FROM %I.courses_enrolment'
                ' WHERE training_class_id = $1 AND state = ''enrolled''', TG_TABLE_SCHEMA)
                INTO kind USING NEW.training_class_id;
            IF kind.people >= base.places THEN
                RAISE EXCEPTION 'class %: all % places are taken', NEW.training_class_id, base.places
                    {_REFUSE};
            END IF;
        END IF;
    END IF;
"""
    + _TAIL
)
FUNCTIONS = {
    "guard_certificate": _CERTIFICATE,
    "guard_outcome": _OUTCOME,
    "guard_certificate_on_roll": _CERTIFICATE_ON_ROLL,
    "guard_enrolment": _ENROLMENT,
}


class Guard(tenants.guards.Guard):
    """The guards of the chain. Migrations know it by this name."""

    functions = FUNCTIONS
