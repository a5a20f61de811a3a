using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Calango.Migrations.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Captchas : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "failed_sign_ins",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Whose = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_failed_sign_ins", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "used_captchas",
                columns: table => new
                {
                    Challenge = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_used_captchas", x => x.Challenge);
                });

            migrationBuilder.CreateIndex(
                name: "IX_failed_sign_ins_At",
                table: "failed_sign_ins",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_failed_sign_ins_Whose_At",
                table: "failed_sign_ins",
                columns: new[] { "Whose", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_used_captchas_ExpiresAt",
                table: "used_captchas",
                column: "ExpiresAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "failed_sign_ins");

            migrationBuilder.DropTable(
                name: "used_captchas");
        }
    }
}
