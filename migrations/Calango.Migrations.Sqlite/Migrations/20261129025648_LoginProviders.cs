using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Calango.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class LoginProviders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "external_sessions",
                columns: table => new
                {
                    SessionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ProviderId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    ProviderSessionId = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    ProtectedIdToken = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_external_sessions", x => x.SessionId);
                    table.ForeignKey(
                        name: "FK_external_sessions_sessions_SessionId",
                        column: x => x.SessionId,
                        principalTable: "sessions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "login_providers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Issuer = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    ProtectedSecret = table.Column<string>(type: "TEXT", nullable: true),
                    Scopes = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    GroupClaim = table.Column<string>(type: "TEXT", maxLength: 512, nullable: true),
                    Rules = table.Column<string>(type: "TEXT", nullable: false),
                    TrustsEmail = table.Column<bool>(type: "INTEGER", nullable: false),
                    MakesAccounts = table.Column<bool>(type: "INTEGER", nullable: false),
                    Domains = table.Column<string>(type: "TEXT", nullable: false),
                    AllowsPlainLoopback = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsOn = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_login_providers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "external_logins",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ProviderId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Issuer = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_external_logins", x => x.Id);
                    table.ForeignKey(
                        name: "FK_external_logins_accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_external_logins_login_providers_ProviderId",
                        column: x => x.ProviderId,
                        principalTable: "login_providers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_external_logins_AccountId",
                table: "external_logins",
                column: "AccountId");

            migrationBuilder.CreateIndex(
                name: "IX_external_logins_Issuer_Subject",
                table: "external_logins",
                columns: new[] { "Issuer", "Subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_external_logins_ProviderId",
                table: "external_logins",
                column: "ProviderId");

            migrationBuilder.CreateIndex(
                name: "IX_external_sessions_ProviderId_ProviderSessionId",
                table: "external_sessions",
                columns: new[] { "ProviderId", "ProviderSessionId" });

            migrationBuilder.CreateIndex(
                name: "IX_external_sessions_ProviderId_Subject",
                table: "external_sessions",
                columns: new[] { "ProviderId", "Subject" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "external_logins");

            migrationBuilder.DropTable(
                name: "external_sessions");

            migrationBuilder.DropTable(
                name: "login_providers");
        }
    }
}
