/**
 * @file
 * The version that a site was compiled against.
 */
#pragma once

#define NU_VERSION_MAJOR 0
#define NU_VERSION_MINOR 1
#define NU_VERSION_PATCH 0
#define NU_VERSION       "0.1.0"
