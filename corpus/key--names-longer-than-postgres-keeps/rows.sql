select * from organization_membership_role_assignments_now, v;
