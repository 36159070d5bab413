#include "config.h"

#include <openssl/err.h>

#include "pki/ch-crl-scope-private.h"

struct _ChCrlScope
{
  ISSUING_DIST_POINT *point; /* (owned) (nullable) */
  ASN1_INTEGER *number;      /* (owned) (nullable) */
  ASN1_INTEGER *base;        /* (owned) (nullable): of a difference: since which list */
  GBytes *point_der;         /* (owned) (nullable): as it is written */
  GBytes *key_id_der;        /* (owned) (nullable): the key that signed */
};

/* -- Reading -------------------------------------------------------------------------------------------- */

static GBytes *
copy_value (X509_CRL *crl, int nid)
{
  int i = X509_CRL_get_ext_by_NID (crl, nid, -1);
  const ASN1_OCTET_STRING *value = i >= 0 ? X509_EXTENSION_get_data (X509_CRL_get_ext (crl, i)) : NULL;

  return value != NULL ? g_bytes_new (ASN1_STRING_get0_data (value), ASN1_STRING_length (value)) : NULL;
}

/* Returns: %FALSE when the extension is there and damaged, or there twice */
static gboolean
read_value (X509_CRL *crl, int nid, gpointer *value)
{
  int state = -1;

  *value = X509_CRL_get_ext_d2i (crl, nid, &state, NULL);
  return *value != NULL || state == -1;
}

static guint
read_reasons (const ASN1_BIT_STRING *flags)
{
  guint reasons = 0;

  if (flags == NULL)
    return CH_CRL_ALL_REASONS;
  for (int i = 1; i <= 8; i++)
    if (ASN1_BIT_STRING_get_bit (flags, i))
      reasons |= 1u << i;
  return reasons;
}

/* RFC 5280 5.2.5: about one kind of certificate at most, and what is said has a meaning */
static gboolean
is_sensible (const ChCrlScope *self)
{
  const ISSUING_DIST_POINT *point = self->point;

  if (self->base != NULL && self->number == NULL)
    return FALSE;
  return point == NULL || (point->onlyuser > 0) + (point->onlyCA > 0) + (point->onlyattr > 0) <= 1;
}

/* Returns: (transfer full) (nullable): what @crl is about; %NULL when that cannot be told */
ChCrlScope *
ch_crl_scope_new (X509_CRL *crl)
{
  g_autoptr (ChCrlScope) self = g_new0 (ChCrlScope, 1);

  if (!read_value (crl, NID_issuing_distribution_point, (gpointer *) &self->point)
      || !read_value (crl, NID_crl_number, (gpointer *) &self->number)
      || !read_value (crl, NID_delta_crl, (gpointer *) &self->base) || !is_sensible (self))
    return NULL;
  if (self->point != NULL && self->point->distpoint != NULL
      && DIST_POINT_set_dpname (self->point->distpoint, X509_CRL_get_issuer (crl)) != 1)
    return NULL;

  self->point_der = copy_value (crl, NID_issuing_distribution_point);
  self->key_id_der = copy_value (crl, NID_authority_key_identifier);
  return g_steal_pointer (&self);
}

void
ch_crl_scope_free (ChCrlScope *self)
{
  if (self == NULL)
    return;

  ISSUING_DIST_POINT_free (self->point);
  ASN1_INTEGER_free (self->number);
  ASN1_INTEGER_free (self->base);
  g_clear_pointer (&self->point_der, g_bytes_unref);
  g_clear_pointer (&self->key_id_der, g_bytes_unref);
  g_free (self);
}

gboolean
ch_crl_scope_is_whole (const ChCrlScope *self)
{
  return self->point == NULL && self->base == NULL;
}

/* -- Differences ------------------------------------------------------------------------------------------
 */

static gboolean
is_same (GBytes *a, GBytes *b)
{
  return a == b || (a != NULL && b != NULL && g_bytes_equal (a, b));
}

/* RFC 5280 5.2.4, 6.3.3 (c): of the same scope and key, built upon that list or one before it, and later */
gboolean
ch_crl_scope_is_delta_of (const ChCrlScope *self, const ChCrlScope *base)
{
  return self->base != NULL && base->base == NULL && base->number != NULL
         && is_same (self->point_der, base->point_der) && is_same (self->key_id_der, base->key_id_der)
         && ASN1_INTEGER_cmp (self->base, base->number) <= 0
         && ASN1_INTEGER_cmp (self->number, base->number) > 0;
}

gboolean
ch_crl_scope_is_newer (const ChCrlScope *self, const ChCrlScope *other)
{
  return self->number != NULL
         && (other->number == NULL || ASN1_INTEGER_cmp (self->number, other->number) > 0);
}

/* -- Which certificates ------------------------------------------------------------------------------------
 */

static gboolean
has_name (const GENERAL_NAMES *names, const X509_NAME *name)
{
  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    {
      const GENERAL_NAME *one = sk_GENERAL_NAME_value (names, i);

      if (one->type == GEN_DIRNAME && X509_NAME_cmp (one->d.directoryName, name) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
have_common (const GENERAL_NAMES *a, const GENERAL_NAMES *b)
{
  for (int i = 0; i < sk_GENERAL_NAME_num (a); i++)
    for (int k = 0; k < sk_GENERAL_NAME_num (b); k++)
      if (GENERAL_NAME_cmp (sk_GENERAL_NAME_value (a, i), sk_GENERAL_NAME_value (b, k)) == 0)
        return TRUE;
  return FALSE;
}

/* A name relative to an issuer was made a whole one before, in dpname */
static gboolean
is_same_place (const DIST_POINT_NAME *a, const DIST_POINT_NAME *b)
{
  if (a->type == 1 && b->type == 1)
    return a->dpname != NULL && b->dpname != NULL && X509_NAME_cmp (a->dpname, b->dpname) == 0;
  if (a->type == 1)
    return a->dpname != NULL && has_name (b->name.fullname, a->dpname);
  if (b->type == 1)
    return b->dpname != NULL && has_name (a->name.fullname, b->dpname);
  return have_common (a->name.fullname, b->name.fullname);
}

static gboolean
is_at_place_of_names (const DIST_POINT_NAME *place, const GENERAL_NAMES *names)
{
  return place->type == 1 ? place->dpname != NULL && has_name (names, place->dpname)
                          : have_common (place->name.fullname, names);
}

static const X509_NAME *
find_name (const GENERAL_NAMES *names)
{
  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    if (sk_GENERAL_NAME_value (names, i)->type == GEN_DIRNAME)
      return sk_GENERAL_NAME_value (names, i)->d.directoryName;
  return NULL;
}

/* RFC 5280 6.3.3 (b): whether the list is one of a certificate’s distribution point */
static gboolean
is_of_point (const ChCrlScope *self, X509_CRL *crl, X509 *cert, const DIST_POINT *point)
{
  const X509_NAME *issuer = X509_CRL_get_issuer (crl);
  const DIST_POINT_NAME *place = self->point != NULL ? self->point->distpoint : NULL;
  const X509_NAME *of = point->CRLissuer != NULL ? find_name (point->CRLissuer) : X509_get_issuer_name (cert);

  if (point->CRLissuer != NULL
          ? !has_name (point->CRLissuer, issuer) || self->point == NULL || self->point->indirectCRL <= 0
          : X509_NAME_cmp (issuer, of) != 0)
    return FALSE;
  if (place == NULL)
    return TRUE;
  if (point->distpoint == NULL)
    return point->CRLissuer != NULL && is_at_place_of_names (place, point->CRLissuer);
  return DIST_POINT_set_dpname (point->distpoint, of) == 1 && is_same_place (place, point->distpoint);
}

static guint
ask_points (const ChCrlScope *self, X509_CRL *crl, X509 *cert)
{
  CRL_DIST_POINTS *points = X509_get_ext_d2i (cert, NID_crl_distribution_points, NULL, NULL);
  guint covered = 0;

  for (int i = 0; i < sk_DIST_POINT_num (points); i++)
    {
      const DIST_POINT *point = sk_DIST_POINT_value (points, i);

      if (is_of_point (self, crl, cert, point))
        covered |= read_reasons (point->reasons);
    }
  CRL_DIST_POINTS_free (points);
  return covered;
}

/* RFC 5280 6.3.3, at its end: any list of the certificate’s issuer counts as if it were at a distribution
 * point with the issuer’s name */
static gboolean
is_of_issuer (const ChCrlScope *self, X509_CRL *crl, X509 *cert)
{
  const X509_NAME *issuer = X509_get_issuer_name (cert);
  const DIST_POINT_NAME *place = self->point != NULL ? self->point->distpoint : NULL;

  if (X509_NAME_cmp (X509_CRL_get_issuer (crl), issuer) != 0)
    return FALSE;
  if (place == NULL)
    return TRUE;
  return place->type == 1 ? place->dpname != NULL && X509_NAME_cmp (place->dpname, issuer) == 0
                          : has_name (place->name.fullname, issuer);
}

/* Returns: for which reasons, bits of ReasonFlags, a whole list says whether @cert was revoked */
guint
ch_crl_scope_get_covered (const ChCrlScope *self, X509_CRL *crl, X509 *cert)
{
  const ISSUING_DIST_POINT *point = self->point;
  gboolean is_ca = X509_check_ca (cert) == 1;
  guint covered;

  if (self->base != NULL
      || (point != NULL
          && (point->onlyattr > 0 || (point->onlyuser > 0 && is_ca) || (point->onlyCA > 0 && !is_ca))))
    return 0;

  covered = is_of_issuer (self, crl, cert) ? CH_CRL_ALL_REASONS : ask_points (self, crl, cert);
  return covered & (point != NULL ? read_reasons (point->onlysomereasons) : CH_CRL_ALL_REASONS);
}
